"""What is right: standards, rules, verdicts, defects, tickets, deadlines, reports.

Belongs here: everything that judges data and tells agencies about it. Where data lives stands in
`warehouse`, what is declared in `catalog`, when things are made in `assets` and `pipelines`.
"""
