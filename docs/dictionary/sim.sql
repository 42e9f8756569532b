-- One line a live SIM, whichever provider it is of.
SELECT source, iccid, msisdn, status, coalesce(customer_name, operator_name) AS customer_or_operator, nickname
FROM fleet.sim
ORDER BY source, iccid;
