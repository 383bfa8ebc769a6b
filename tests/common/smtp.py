"""A small mail server for tests: it accepts messages, refuses some, or never answers."""

import re
import socketserver
import threading
import time
from contextlib import contextmanager


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.letters: list[str] = []
        """What was taken, each as it came."""
        self.refused: dict[str, int] = {}
        """Reply codes by address."""
        self.silent = False

    @property
    def port(self) -> int:
        return self.server_address[1]

    def recipients(self) -> list[str]:
        return [re.search(r"^To: (.*)$", letter, re.MULTILINE)[1] for letter in self.letters]


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        while self.server.silent:
            time.sleep(0.05)
        self.say(220)
        while line := self.rfile.readline().decode().strip():
            verb, _, rest = line.partition(" ")
            if verb.upper() == "QUIT":
                self.say(221)
                return
            if verb.upper() == "RCPT":
                address = re.search(r"<(.*?)>", rest)[1]
                self.say(self.server.refused.get(address, 250))
            elif verb.upper() == "DATA":
                self.say(354)
                lines = []
                while (text := self.rfile.readline().decode()) != ".\r\n":
                    lines.append(text.rstrip("\r\n"))
                self.server.letters.append("\n".join(lines))
                self.say(250)
            else:
                self.say(250)

    def say(self, code):
        self.wfile.write(f"{code} as you say\r\n".encode())


@contextmanager
def mail_server():
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.silent = False
            server.shutdown()
