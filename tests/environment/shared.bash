# Sourced by the scripts of this folder; not run by itself.
# shellcheck shell=bash

environment=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${CAISSON_CACHE:-/var/cache/caisson-tests}

# fail MESSAGE: one honest line, then out.
fail() { echo "${0##*/}: $*" >&2; exit 1; }

need_root() { [[ $EUID -eq 0 ]] || fail "must run as root"; }

# need COMMAND...: says which script brings what is missing.
need() {
    local command
    for command in "$@"; do
        command -v "$command" >/dev/null || fail "$command is not installed; run $environment/packages"
    done
}

# mirror: the address of the Debian archive that this machine's apt is set up with. The archive proper is
# the one that offers this system's own suite; security and third parties are other archives.
mirror() {
    local codename address
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    # shellcheck disable=SC2016 # apt fills these in
    address=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
        awk -v c="$codename" '$2 == c && $1 ~ /\/debian\/?$|debian\/[0-9TZ]+\/?$/ { print $1; exit }')
    [[ -n $address ]] || fail "found no Debian archive with the suite $codename in this machine's apt sources"
    echo "${address%/}"
}

# settle NAME KEY: takes the lock of one cached result and succeeds when the result is there and was made from
# KEY (a text that stands for everything that goes in). The lock is held until the script ends.
settle() {
    mkdir -p "$cache"
    exec {lock}>"$cache/$1.lock"
    flock -w 1200 "$lock" || fail "another process has held $cache/$1.lock for 20 minutes"
    [[ -e $cache/$1 && -e $cache/$1.stamp && $(<"$cache/$1.stamp") == "$2" ]]
}

# publish NEW NAME KEY: puts a finished result in place of the old one.
publish() {
    rm -rf "$cache/$2.stamp" "${cache:?}/$2"
    mv "$1" "$cache/$2"
    echo "$3" >"$cache/$2.stamp"
}

# digest FILE...: the key of a result that is made from these files.
digest() { cat "$@" | sha256sum | cut -d' ' -f1; }

# cgroup_parent DIR: the cgroup, below each hierarchy's top, under which DIR's engine keeps its containers.
cgroup_parent() { echo "caisson-tests-$(echo -n "$1" | sha256sum | cut -c1-8)"; }

# await SECONDS PID...: waits for the end of processes by pidfd (pidfd_open is call 434 everywhere). A process that has
# ended counts even while its parent has not collected it, which some first processes of a machine do late.
await() {
    perl -e 'my $end = time + shift;
        for my $pid (@ARGV) {
            my $fd = syscall(434, $pid + 0, 0);
            next if $fd < 0;
            vec(my $ended = "", $fd, 1) = 1;
            select($ended, undef, undef, $end > time ? $end - time : 0) > 0 or exit 1;
        }' "$@"
}

# remove_cgroups DIR: ends what still runs in a container of DIR's engine, removes the cgroups and adds to the array `left`
# what there should not have been. The kernel takes a moment to empty a cgroup after a kill, hence the bounded wait.
remove_cgroups() {
    local parent found top pids below
    parent=$(cgroup_parent "$1")
    for found in /sys/fs/cgroup/{,*/}"$parent"; do
        [[ -d $found ]] || continue
        # BuildKit makes one for all of its steps and never removes it; it is empty when they have ended.
        rmdir "$found/buildkit" 2>/dev/null || true
        mapfile -t below < <(find "$found" -mindepth 1 -type d -print -quit)
        ((${#below[@]} == 0)) || left+=("cgroup ${below[0]}")
        mapfile -t pids < <(find "$found" -name cgroup.procs -exec cat {} + | sort -un)
        if ((${#pids[@]})); then
            left+=("container processes ${pids[*]}")
            kill -KILL "${pids[@]}" 2>/dev/null || true
            await 10 "${pids[@]}" || left+=("a process that does not end in $found")
        fi
        top=$(dirname "$found")
        find "$top/$parent" -depth -type d -exec rmdir {} + || left+=("$found, which cannot be removed")
    done
}
