package run_test

const envHelper = "SIMSYNC_RUN_TEST_HELPER"

func helper() int { return 0 }
