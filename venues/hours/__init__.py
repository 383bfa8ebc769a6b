"""Opening hours: the model, the parser, the week in words, the form.

`times` and `reading` parse what people write, for the portal and every import. `model` stores hours
and says in SQL whether a venue is open; `timetable` says the same in Python, for sentences. `form`
is the portal's page. Nothing is imported at package level, because the models load first.
"""
