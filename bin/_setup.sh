# shellcheck shell=bash
# What bin/run, bin/test and bin/manage share: packages, virtual environment, assets, private cluster.
# Sourced, never run. Each function can be called again without harm and is quick when all is there.

set -euo pipefail

# A script's background command starts with Ctrl-C ignored, which no trap can undo.
if [[ "$(trap -p INT)" == "trap -- ''"* ]]; then exec env --default-signal=INT,QUIT "$0" "$@"; fi

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
cd "$ROOT"
umask 022

if [[ -z "${HOME:-}" ]]; then
    HOME="$(getent passwd "$(id -u)" | cut -d: -f6 || true)"
    export HOME="${HOME:-/tmp}"
fi
# Where Debian keeps runuser and ldconfig; an ordinary user's PATH lacks it, cron's even more.
export PATH="${PATH:-/usr/local/bin:/usr/bin:/bin}:/usr/sbin:/sbin"
export DJANGO_SETTINGS_MODULE=safespaces.settings
PYTHON="$ROOT/.venv/bin/python"

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# --- Settings -------------------------------------------------------------------------------------

# Reads NAME=value lines of the checkout's .env. What the environment already says wins.
read_env_file() {
    [[ -f .env ]] || return 0
    local line name value
    while IFS= read -r line || [[ -n "$line" ]]; do
        line="${line%$'\r'}"
        [[ "$line" =~ ^[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]] || continue
        name="${BASH_REMATCH[2]}" value="${BASH_REMATCH[3]}"
        value="${value%"${value##*[![:space:]]}"}"
        if [[ "$value" =~ ^\"(.*)\"$ || "$value" =~ ^\'(.*)\'$ ]]; then value="${BASH_REMATCH[1]}"; fi
        [[ -n "${!name:-}" || -z "$value" ]] || export "$name=$value"
    done <.env
}

# With DATABASE_URL this is production. Without it, a demonstration on a private cluster; but where
# something says that production was meant, known log-ins on a public address would be worse than none.
choose_mode() {
    local name
    if [[ -n "${DATABASE_URL:-}" ]]; then
        export SAFESPACES_MODE="${SAFESPACES_MODE:-production}"
        return
    fi
    if [[ "${SAFESPACES_MODE:-}" == production ]]; then
        stop "Set DATABASE_URL: it is needed in production. See .env.example."
    fi
    for name in SECRET_KEY ALLOWED_HOSTS EMAIL_URL; do
        if [[ -n "${!name:-}" && "${SAFESPACES_MODE:-}" != demo ]]; then
            stop "Set DATABASE_URL: $name is set, so production is meant. See .env.example."
        fi
    done
    export SAFESPACES_MODE=demo
}

# Stops with the name of a missing setting, in one sentence.
check_settings() {
    "$PYTHON" - <<'PYTHON'
import sys
from django.core.exceptions import ImproperlyConfigured
try:
    import safespaces.settings
except ImproperlyConfigured as refusal:
    sys.exit(str(refusal))
PYTHON
}

# --- Debian packages ------------------------------------------------------------------------------

# The newest PostgreSQL that has both its server and PostGIS here, as a version number.
postgres_version() {
    local version
    for version in /usr/lib/postgresql/*; do
        version="${version##*/}"
        if [[ -x "/usr/lib/postgresql/$version/bin/initdb" &&
            -f "/usr/share/postgresql/$version/extension/postgis.control" ]]; then
            printf '%s\n' "$version"
        fi
    done | sort -n | tail -n 1
}

# The newest package whose whole name matches a regular expression; OTHERWISE when none is known.
newest_package() { # PATTERN OTHERWISE
    local name
    name="$(apt-cache pkgnames 2>/dev/null | grep -Ex "$1" | sort -V | tail -n 1 || true)"
    printf '%s\n' "${name:-$2}"
}

# Prints what is missing, one package a line. What counts is whether the thing is there, not whence.
missing_packages() { find_missing_packages "$@" | sort -u; } # [browser]

find_missing_packages() { # [browser]
    local libraries fonts
    libraries="$(ldconfig -p)"
    without() { ! grep -q "^[[:space:]]*lib$1\.so" <<<"$libraries"; }
    python3 -c 'import ensurepip, venv' 2>/dev/null || say python3-venv
    if without gdal; then newest_package 'libgdal[0-9]+(t64)?' gdal-bin; fi
    if without geos_c; then newest_package 'libgeos-c1(v5|t64)' gdal-bin; fi
    if without proj; then newest_package 'libproj[0-9]+(t64)?' gdal-bin; fi
    if without pango-1.0; then say libpango-1.0-0; fi
    if without pangoft2-1.0; then say libpangoft2-1.0-0; fi
    if without harfbuzz; then say libharfbuzz0b; fi
    if without harfbuzz-subset; then say libharfbuzz-subset0; fi
    fonts=/usr/share/fonts/truetype
    [[ -f $fonts/dejavu/DejaVuSans.ttf ]] || say fonts-dejavu-core
    # People's and places' names on certificates, stickers and packs, in the scripts they write them in.
    [[ -f $fonts/noto/NotoSansBengali-Regular.ttf ]] || say fonts-noto-core
    [[ -f /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ]] || say fonts-noto-cjk
    [[ -f $fonts/noto/NotoColorEmoji.ttf ]] || say fonts-noto-color-emoji
    if [[ -z "${DATABASE_URL:-}" && -z "$(postgres_version)" ]]; then
        newest_package 'postgresql-[0-9]+-postgis-3' postgresql-postgis
    fi
    if [[ "${1:-}" == browser ]]; then
        compgen -G "$fonts/liberation*" >/dev/null || say fonts-liberation
        if without atomic; then say libatomic1; fi # for the program that drives the browser
        # Ubuntu has Chromium as a snap only; the browser tests then skip by name.
        if ! command -v chromium >/dev/null && grep -q '^ID=debian' /etc/os-release; then say chromium; fi
    fi
}

install_packages() { # [browser]
    if ! command -v apt-get >/dev/null; then
        say "Not Debian or Ubuntu: PostGIS, GDAL, Pango and Python's venv must be installed already."
        return
    fi
    local missing as_root=() cluster_conf=/etc/postgresql-common/createcluster.d/safespaces.conf
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    if ((EUID != 0)); then
        as_root=(sudo)
        if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || { [[ -t 0 ]] && sudo -v; }; }; then
            stop "Ask somebody who may to install these packages: ${missing[*]}"
        fi
    fi
    say "Installing packages with apt ..."
    "${as_root[@]}" apt-get -qq update || say "The package lists could not be brought up to date; going on."
    # A bare system has no lists before that, hence no names to choose from.
    mapfile -t missing < <(missing_packages "$@")
    # PostgreSQL's package makes and starts a cluster named main when first installed, unless told not to.
    "${as_root[@]}" mkdir -p "${cluster_conf%/*}"
    say "create_main_cluster = false" | "${as_root[@]}" tee "$cluster_conf" >/dev/null
    # No upgrades: what is installed, a running database server among it, stays as it is.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -qq -y \
        --no-install-recommends --no-upgrade -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 \
        install "${missing[@]}" </dev/null >var/apt.log 2>&1 ||
        stop "apt could not install ${missing[*]}: $(tail -n 2 var/apt.log)"
    "${as_root[@]}" rm -f "$cluster_conf"
}

# --- Python and assets ----------------------------------------------------------------------------

make_venv() { # REQUIREMENTS
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        stop "Python 3.11 or later is needed; this is $(python3 --version)."
    "$PYTHON" -c '' 2>/dev/null || python3 -m venv --clear .venv
    # What is named in requirements.txt is installed as locked: exact versions, each file's hash checked.
    local file="${1%.txt}.lock"
    [[ "$(cat ".venv/installed-$file" 2>/dev/null)" == "$(requirements_hash "$file")" ]] && return
    say "Installing Python packages ..."
    PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore \
        "$PYTHON" -m pip install --quiet --require-hashes \
        --requirement "$file" </dev/null
    # The tests' requirements hold the product's.
    for file in requirements.lock "$file"; do requirements_hash "$file" >".venv/installed-$file"; done
}

requirements_hash() { cat requirements.lock "$1" <("$PYTHON" --version) | sha256sum; }

# One set-up at a time in a checkout. The lock is let go before anything is started.
set_up() { # REQUIREMENTS [browser]
    local requirements="$1"
    shift
    if ! mkdir -p var 2>/dev/null || [[ ! -w . ]]; then
        stop "You may not write to $ROOT, where .venv and var are made."
    fi
    exec 7>var/setup.lock
    flock 7
    install_packages "$@"
    make_venv "$requirements"
    exec 7>&-
}

build_assets() {
    exec 7>var/setup.lock
    flock 7
    "$PYTHON" bin/_assets.py </dev/null
    exec 7>&-
}

# --- The private cluster --------------------------------------------------------------------------

# CLUSTER holds pgNN (the data), socket, server.log and two locks: `lock` while one process starts or
# stops the server, `users` shared by all that use it. The last to leave stops it.
CLUSTER=""
CLUSTER_HELD=""

as_server() { # runs a command as the user who owns the data: root may not run PostgreSQL
    if ((EUID == 0)); then (cd / && runuser -u postgres -- "$@"); else (cd / && "$@"); fi
}

clusters_folder() {
    if ((EUID == 0)); then
        printf '/var/lib/safespaces'
    else
        printf '%s/safespaces' "${XDG_DATA_HOME:-$HOME/.local/share}"
    fi
}

sql() { # DATABASE STATEMENT
    "$PGBIN/psql" --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 \
        --host "$SOCKET" --port 5432 --username postgres --dbname "$1" --command "$2" </dev/null
}

answers() { "$PGBIN/pg_isready" --quiet --host "$SOCKET" --port 5432; }

# A crash leaves postmaster.pid behind, and after a restart its number may be somebody else's.
remove_stale_pid_file() {
    local pid
    [[ -f "$DATA/postmaster.pid" ]] || return 0
    read -r pid <"$DATA/postmaster.pid" || pid=""
    if [[ -z "$pid" || "$(readlink "/proc/$pid/cwd" 2>/dev/null)" != "$DATA" ]]; then
        rm -f "$DATA/postmaster.pid" "$SOCKET"/.s.PGSQL.5432 "$SOCKET"/.s.PGSQL.5432.lock
    fi
}

# Beside what initdb found out about this system and wrote in postgresql.conf.
write_cluster_config() { # [without_fsync]
    local conf="$DATA/safespaces.conf" quoted="${SOCKET//\'/\'\'}"
    {
        say "# Written by bin/_setup.sh at each start."
        say "listen_addresses = ''"
        say "port = 5432"
        say "unix_socket_directories = '\"$quoted\"'"
        say "max_connections = 200"
        say "log_line_prefix = '%m '"
        say "timezone = 'Etc/UTC'"
        [[ "${1:-}" != without_fsync ]] || say $'fsync = off\nsynchronous_commit = off\nfull_page_writes = off'
    } >"$conf"
}

# The application's role is no superuser, as in production; the extensions are in every new database.
make_cluster() {
    say "Making the private database ..."
    as_server "$PGBIN/initdb" --pgdata "$DATA" --username postgres --auth-local trust --auth-host reject \
        --encoding UTF8 --locale C.UTF-8 --no-sync >"$CLUSTER/initdb.log" 2>&1 ||
        stop "PostgreSQL could not make its files: $(tail -n 2 "$CLUSTER/initdb.log")"
    say "include 'safespaces.conf'" >>"$DATA/postgresql.conf"
}

fill_cluster() {
    sql template1 "CREATE EXTENSION IF NOT EXISTS postgis" 2>/dev/null
    sql template1 "CREATE EXTENSION IF NOT EXISTS btree_gist" 2>/dev/null
    sql postgres "CREATE ROLE safespaces LOGIN CREATEDB"
    sql postgres "CREATE DATABASE safespaces OWNER safespaces"
}

start_server() {
    as_server "$PGBIN/pg_ctl" start --silent --wait --timeout 60 --pgdata "$DATA" \
        --log "$CLUSTER/server.log" </dev/null >/dev/null 2>&1 6>&- 8>&- 9>&-
}

# Starts the private cluster's server again whenever it is gone. A server that answers "not yet" is
# there: it starts, stops or recovers, and is left alone.
watch_cluster() {
    local status
    while sleep 2 8>&-; do
        status=0
        answers || status=$?
        ((status == 2)) || continue
        exec 9>>"$CLUSTER/lock"
        flock 9
        if ! answers; then
            say "The private database is gone: starting it again."
            remove_stale_pid_file
            start_server || say "It did not start: $(tail -n 1 "$CLUSTER/server.log" 2>/dev/null)"
        fi
        exec 9>&-
    done
}

# Starts the cluster in $1, or joins it where it runs already, and exports DATABASE_URL.
start_cluster() { # FOLDER [without_fsync]
    local version was_up
    CLUSTER="$1"
    version="$(postgres_version)"
    [[ -n "$version" ]] || stop "PostgreSQL with PostGIS is missing: set DATABASE_URL, or install it."
    PGBIN="/usr/lib/postgresql/$version/bin" DATA="$CLUSTER/pg$version" SOCKET="$CLUSTER/socket"
    mkdir -p "$CLUSTER"
    chmod 0700 "$CLUSTER"
    # A socket's whole name may have 107 bytes. Where that is too few, a folder in /tmp has the socket:
    # the one short path every system has (TMPDIR may be long), made by mktemp for its owner alone.
    if (($(printf '%s/.s.PGSQL.5432' "$SOCKET" | wc -c) > 107)); then
        SOCKET="$(cat "$CLUSTER/socket.path" 2>/dev/null || true)"
        if [[ ! -O "$SOCKET" || -L "$SOCKET" ]]; then
            SOCKET="$(mktemp -d /tmp/safespaces-XXXXXX)"
            printf '%s\n' "$SOCKET" >"$CLUSTER/socket.path"
        fi
    fi
    exec 8>>"$CLUSTER/users" 9>>"$CLUSTER/lock"
    flock 9
    flock --shared 8
    CLUSTER_HELD=yes
    mkdir -p "$SOCKET"
    chmod 0700 "$SOCKET"
    if ((EUID == 0)); then chown postgres: "$CLUSTER" "$SOCKET"; fi
    if ! answers; then
        was_up="$(compgen -G "$DATA/postmaster.pid" || true)"
        remove_stale_pid_file
        # What a crash left of files written without fsync may be broken.
        if [[ "${2:-}" == without_fsync && -n "$was_up" && ! -e "$was_up" ]]; then rm -rf "$DATA"; fi
        # initdb that was interrupted leaves files without a database in them.
        [[ -f "$DATA/safespaces-ready" ]] || { rm -rf "$DATA" && make_cluster; }
        write_cluster_config "${2:-}"
        start_server ||
            stop "The private database did not start: $(tail -n 3 "$CLUSTER/server.log" 2>/dev/null)"
    fi
    [[ -f "$DATA/safespaces-ready" ]] || { fill_cluster && : >"$DATA/safespaces-ready"; }
    exec 9>&-
    DATABASE_URL="postgis://safespaces@/$(python3 -c \
        'import sys, urllib.parse; print(urllib.parse.quote(sys.argv[1]))' "$SOCKET")/safespaces"
    export DATABASE_URL
}

# Leaves the cluster; the last to leave stops the server.
leave_cluster() {
    [[ -n "$CLUSTER_HELD" ]] || return 0
    CLUSTER_HELD=""
    exec 9>>"$CLUSTER/lock"
    flock 9
    if flock --exclusive --nonblock 8 && [[ -f "$DATA/postmaster.pid" ]]; then
        as_server "$PGBIN/pg_ctl" stop --silent --mode fast --wait --timeout 30 --pgdata "$DATA" \
            >/dev/null 2>&1 8>&- 9>&- ||
            as_server "$PGBIN/pg_ctl" stop --silent --mode immediate --pgdata "$DATA" >/dev/null 2>&1 || true
    fi
    exec 8>&- 9>&-
}

checkout_hash() { printf '%s' "$ROOT" | sha256sum | cut -c 1-12; }

private_cluster() { start_cluster "$(clusters_folder)/$(checkout_hash)"; }

# --- Processes ------------------------------------------------------------------------------------

CHILDREN=()
THROWAWAY=""

# Runs a command in the foreground: it reads the terminal and hears Ctrl-C, and a TERM sent to this
# script reaches it too. Returns its exit status.
run_child() {
    local pid status=0
    env --default-signal=INT,QUIT "$@" <&0 &
    pid=$!
    CHILDREN=("$pid")
    trap : INT
    trap 'kill -TERM "$pid" 2>/dev/null || true' TERM HUP
    while :; do
        status=0
        wait "$pid" || status=$?
        # Above 128 it may be the waiting that a signal ended.
        if ((status <= 128)) || ! kill -0 "$pid" 2>/dev/null; then break; fi
    done
    CHILDREN=()
    return "$status"
}

# Services: each is a function service_NAME, started by itself and started again when it ends.
declare -A SERVICE_PID=() SERVICE_SINCE=() SERVICE_ENDED=()

start_service() { # NAME [SECONDS TO WAIT FIRST]
    local name="$1" pause="${2:-0}"
    {
        # The cluster's lock is for who uses the server; a sleep that outlives us must not hold it.
        ((pause == 0)) || sleep "$pause" 8>&-
        "service_$name"
    } </dev/null &
    SERVICE_PID[$name]=$!
    SERVICE_SINCE[$name]=$SECONDS
    CHILDREN=("${SERVICE_PID[@]}")
}

# Looks each second. What ends is started again: at once, or when it keeps ending, after a pause that
# grows to half a minute. The others never notice.
keep_services() {
    local name pid status lived pause
    while :; do
        sleep 1 8>&- &
        wait $! || true
        for name in "${!SERVICE_PID[@]}"; do
            pid="${SERVICE_PID[$name]}"
            if kill -0 "$pid" 2>/dev/null; then continue; fi
            status=0
            wait "$pid" 2>/dev/null || status=$?
            lived=$((SECONDS - SERVICE_SINCE[$name]))
            if ((lived > 60)); then SERVICE_ENDED[$name]=0; fi
            SERVICE_ENDED[$name]=$((${SERVICE_ENDED[$name]:-0} + 1))
            pause=$((SERVICE_ENDED[$name] > 5 ? 30 : 2 ** (SERVICE_ENDED[$name] - 1) - 1))
            say "The $name service ended (status $status); starting it again$( ((pause == 0)) || say " in $pause s")." >&2
            start_service "$name" "$pause"
        done
    done
}

stop_children() {
    local pid
    for pid in "${CHILDREN[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
    for pid in "${CHILDREN[@]}"; do
        timeout 30 tail --pid="$pid" -f /dev/null || kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    CHILDREN=()
}

clean_up() {
    local status=$?
    trap '' INT TERM HUP
    stop_children
    leave_cluster
    [[ -z "$THROWAWAY" ]] || rm -rf "$THROWAWAY"
    [[ -z "$THROWAWAY" || "$CLUSTER" != "$THROWAWAY" ]] || rm -rf "${SOCKET:-}"
    exit "$status"
}
trap clean_up EXIT
