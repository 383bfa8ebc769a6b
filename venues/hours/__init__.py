"""Opening hours in one room: the model, what people write, the week in words, the form.

`times` and `reading` read what people write, for the portal and every import. `model` holds what is
kept and says in SQL whether a venue is open; `timetable` says the same in Python, for sentences.
`form` is the portal's page. Nothing in here is imported at package level: the models load first.
"""
