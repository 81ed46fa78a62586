"""Tables in Markdown."""


def table(head, rows):
    """Figures are set to the right; a table without headings holds text alone."""
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    if head == ["", ""]:
        lines[1] = "| --- | --- |"
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"
