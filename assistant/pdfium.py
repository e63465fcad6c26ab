"""One lock for PDFium, which may be entered by one thread at a time: whoever reads a page here takes it."""

import threading

pdfium_lock = threading.RLock()
