"""Opening hours: the model, the parser, the week in words, the form.

`reading` parses what people write, for the portal and every import: `qualifiers` marks on which
days hours recur, `tokens` cuts the text, `chunks` joins tokens to days and times (`times` says what
a pair can mean), and `intervals` holds the result. `lines` writes it back. `model` stores hours
and says in SQL whether a venue is open; `timetable` says the same in Python, for sentences. `form`
is the portal's page. Nothing is imported at package level, because the models load first.
"""
