# A playbook's rule in words.
rule-or = {""} or {""}
rule-and = {""} and {""}
rule-known = { $field } known
rule-is-so = { $field }
rule-not-way = its way is not { $ways }
rule-from = { $field } from { $number }
rule-below = { $field } below { $number }
rule-above = { $field } above { $number }
rule-up-to = { $field } up to { $number }
rule-field-arr = ARR
rule-field-amount = amount
rule-field-discount = discount in percent
rule-field-term = term in months
rule-field-se = SE involved
rule-field-competitor = competitor
rule-field-partner = partner
rule-field-existing = existing customer
