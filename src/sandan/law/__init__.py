"""The law as dated, cited data: a day in, one consistent set of parameters, rules, lists and places out."""
