"""Medley, from the command line: hands it to `cli`.

python app.py                           the page
python app.py ask "question" --file F   one turn in the terminal
python app.py ingest PATH… --library N  files and folders into a named library
python app.py weights list              the models' files: list, fetch, verify
"""

import sys

from cli.main import main

if __name__ == "__main__":
    sys.exit(main())
