"""PDFs: what is printed on a page found, put in the order in which it is read, and its tables with their headings."""
