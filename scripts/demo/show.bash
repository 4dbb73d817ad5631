# Sourced by ../../demo: what the person sees, and the commands behind it.
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared by these files

bold='' dim='' green='' red='' plain='' clear=''
if [[ -t 1 ]]; then
    bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m' clear=$'\r\e[K'
fi

steps=0 passed=0 step_fine=true seen='' ended=0 job='' patience=60

say() { printf '%s\n' "$*"; }

# start SECONDS COMMAND...: in a session of its own, so that end_job can end all of it, and in the background, since
# bash runs a trap at once only while it waits. Output goes to $scratch/output, errors to $scratch/errors; the demo's lock
# (descriptor 9) is not for what outlives it.
start() {
    local limit=$1
    shift
    setsid timeout --kill-after=5 "$limit" "$@" >"$scratch/output" 2>"$scratch/errors" </dev/null 9>&- &
    job=$!
}

# finish_job: waits for it and has its exit code.
finish_job() {
    local status=0
    wait "$job" || status=$?
    job=''
    return "$status"
}

# end_job: what was under way when the person had enough.
end_job() {
    [[ -n $job ]] || return 0
    local pids
    mapfile -t pids < <(ps -o pid= -s "$job")
    ((${#pids[@]} == 0)) || kill -TERM "${pids[@]// /}" 2>/dev/null || true
    wait "$job" 2>/dev/null || true
    job=''
}

# progress TEXT BEGUN LOG: one line on a terminal, drawn again and again; elsewhere a line every half minute.
progress() {
    local elapsed=$((SECONDS - $2)) last=''
    if [[ -t 1 ]]; then
        last=$(tail -n 1 "$3" 2>/dev/null | tr -d '\r' | cut -c1-60) || true
        printf '%s   %s, %d s  %s%s%s' "$clear" "$1" "$elapsed" "$dim" "$last" "$plain"
    elif ((elapsed >= reported + 30)); then
        reported=$elapsed
        say "   $1, $elapsed s"
    fi
}

# patiently TEXT LOG SECONDS COMMAND...: a long command, with its progress. Says what it did when that took a while.
patiently() {
    local text=$1 log=$2 limit=$3 begun=$SECONDS status=0 reported=0
    shift 3
    start "$limit" "$@"
    while kill -0 "$job" 2>/dev/null; do
        progress "$text" "$begun" "$log"
        sleep 0.2
    done
    finish_job || status=$?
    printf '%s' "$clear"
    ((status != 0)) || say "   ${green}✓${plain} $text ${dim}($((SECONDS - begun)) s)${plain}"
    return "$status"
}

# reason: why the last command failed, on one line.
reason() {
    local line
    line=$(grep -hE -m 1 '^E: |error [A-Z]|ERROR' "$scratch/errors" "$scratch/output" | head -n 1) ||
        line=$(cat "$scratch/output" "$scratch/errors" | tail -n 1)
    echo "${line:-it said nothing}"
}

# step TITLE FUNCTION: one step of the story; it has passed when each check in it has.
step() {
    steps=$((steps + 1)) step_fine=true
    printf '\n%s%2d. %s%s\n' "$bold" "$steps" "$1" "$plain"
    "$2"
    [[ $step_fine == false ]] || passed=$((passed + 1))
}

# check TEXT COMMAND...: a check mark if the command succeeds.
check() {
    local text=$1
    shift
    if "$@"; then
        say "    ${green}✓${plain} $text"
    else
        say "    ${red}✗ FAILED:${plain} $text"
        step_fine=false
    fi
}

# told PROMPT COMMAND-LINE COMMAND...: shows a line as a person would type it, runs the command that does it, shows what
# it printed. Afterwards $seen is that and $ended the command's exit code.
told() {
    local prompt=$1 line=$2
    ended=0
    shift 2
    printf '    %s%s%s %s\n' "$dim" "$prompt" "$plain" "$line"
    start "$patience" "$@"
    finish_job || ended=$?
    seen=$(tr -d '\r' <"$scratch/output" && cat "$scratch/errors")
    [[ -z $seen ]] || head -n 12 <<<"$seen" | awk '{ print "         " (length > 150 ? substr($0, 1, 150) "…" : $0) }'
    ((ended != 124)) || say "         (it did not end within $patience seconds)"
}

# host LINE, box LINE: on the machine, in the container.
host() { told 'host$' "$1" "${engine_enter[@]}" bash -c "$1"; }
box() { told ' box#' "$1" docker exec "$name" sh -c "$1"; }

# What checks are made of. A command that is missing or hangs was not refused.
sees() { ((ended == 0)) && grep -qE -- "$1" <<<"$seen"; }
sees_not() { ((ended == 0)) && ! grep -qE -- "$1" <<<"$seen"; }
sees_one_line() { ((ended == 0)) && [[ $seen != *$'\n'* ]]; }
refused() { ((ended > 0 && ended < 124)) && grep -qiE -- "$1" <<<"$seen"; }
nothing() { [[ -z $seen ]]; }
