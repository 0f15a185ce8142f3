#!/bin/sh
# The servers that the tests drive: installed where that may be done without asking, else named, loudly.
# A test whose server is missing is left out and says so in pytest's last lines.
missing=""
command -v dovecot >/dev/null 2>&1 || [ -x /usr/sbin/dovecot ] || missing="$missing dovecot-imapd dovecot-lmtpd"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null 2>&1 || missing="$missing postgresql"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends $missing >/dev/null && exit 0
fi
cat >&2 <<TEXT

  ****************************************************************************************
  Not installed here:$missing
  The tests that drive them are LEFT OUT. On Debian or Ubuntu:
      sudo apt-get install$missing
  ****************************************************************************************

TEXT
exit 0
