# What the scripts of the tests have in the virtual machine.
# shellcheck shell=bash

# bundle NAME [JQ]: makes /b/NAME, a bundle with a busybox and config.json changed by the jq program.
bundle() {
    mkdir -p "/b/$1/rootfs"
    tar -xf /usr/share/caisson/busybox.tar -C "/b/$1/rootfs"
    rm -f "/b/$1/config.json"
    (cd "/b/$1" && caisson spec)
    local config
    config=$(jq ".process.terminal = false | .root.readonly = false | .process.args = [\"sleep\", \"1000\"] | ${2-.}" "/b/$1/config.json")
    echo "$config" >"/b/$1/config.json"
}

# launch NAME OPTION...: runs the bundle's container in the background, away from these streams.
launch() {
    local name=$1
    shift
    caisson "$@" run -d -b "/b/$name" "$name" >/tmp/launched 2>&1 </dev/null || { cat /tmp/launched >&2; return 1; }
}

# directory NAME: of the container's cgroup.
directory() { jq -r '.cgroup.paths[""]' "/run/caisson/containers/$1/state.json"; }

# values NAME FILE...: what the control files of a container's cgroup say, on one line.
values() {
    local top
    top=$(directory "$1")
    shift
    (cd "$top" && cat "$@" | tr '\n' ';')
}

# gone NAME: deletes a container and proves that nothing of it is left.
gone() {
    local top unit
    top=$(directory "$1")
    unit=${top##*/}
    caisson delete -f "$1"
    rm -rf "/b/$1"
    [[ ! -e $top && ! -e /run/caisson/containers/$1 ]] || { echo "left: $top" >&2; return 1; }
    [[ $(systemctl show -p LoadState --value "$unit") == not-found ]] || { systemctl status --no-pager "$unit" >&2; return 1; }
}

# disk TYPE OPTION MKFS-ARGUMENT...: mounts a new file system at /disk, on which inner storage lies, too.
disk() {
    local type=$1 option=$2
    shift 2
    mkdir -p /disk /var/lib/caisson
    truncate -s 600M /disk.img
    "mkfs.$type" -q "$@" /disk.img
    mount -o "$option" /disk.img /disk
    mkdir /disk/caisson
    mount --bind /disk/caisson /var/lib/caisson
}

undisk() {
    umount /var/lib/caisson /disk
    rm /disk.img
}

# limit_of DIRECTORY: of the project of a directory below /disk, in KiB; 0 for none.
limit_of() {
    local project
    project=$(lsattr -pd "$1" | awk '{print $1}')
    [[ $project != 0 ]] || { echo "$1 has no project" >&2; return 1; }
    xfs_quota -f -x -c 'report -p -N' /disk | awk -v project="#$project" '$1 == project {limit = $4} END {print limit + 0}'
}
