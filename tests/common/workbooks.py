"""Small Excel workbooks for tests."""

import io

import openpyxl


def workbook(**sheets) -> bytes:
    """A workbook with a sheet per name; each value is a list of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
