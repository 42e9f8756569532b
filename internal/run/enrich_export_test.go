package run

// CheckEIDs reads the files of EIDs that sources name.
var CheckEIDs = checkEIDs
