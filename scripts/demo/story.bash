# Sourced by ../../demo: the steps.
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared by these files
# shellcheck disable=SC2016 # what is typed is expanded where it runs

# The one thing that is waited for without being shown: Docker inside needs a moment to start.
await_inner_docker() {
    start 90 docker exec "$name" sh -c 'until docker info >/dev/null 2>&1; do sleep 0.2; done'
    finish_job || { docker logs "$name" 2>&1 | tail -n 5; return 1; }
}

is_registered() {
    if registered; then
        say "    it is registered already and is used as it is"
        cmp -s out/caisson "$(command -v caisson || echo /usr/local/bin/caisson)" ||
            say "    (out/caisson is another build; out/caisson install would put it in place)"
    else
        register
        settles registered || true
    fi
    host "docker info -f '{{range \$name, \$_ := .Runtimes}}{{\$name}} {{end}}'"
    check "Docker knows the runtime caisson, and was not restarted" sees '(^| )caisson( |$)'
}

starts() {
    mkdir "$scratch/volume"
    echo 'the host wrote this' >"$scratch/volume/note"
    swappiness=$(</proc/sys/vm/swappiness)
    host "docker run -dit --name $name --runtime=caisson -v $scratch/volume:/volume:ro $image"
    if ((ended != 0)); then
        check "a system container runs" false
        fail "the container did not start; the story ends here"
    fi
    id=$(docker inspect -f '{{.Id}}' "$name")
    pid=$(docker inspect -f '{{.State.Pid}}' "$name")
    address=$(docker inspect -f '{{.NetworkSettings.IPAddress}}' "$name")
    [[ -n $address ]] || address=$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$name")
    host "docker inspect -f 'Privileged: {{.HostConfig.Privileged}}, runtime: {{.HostConfig.Runtime}}' $name"
    check "a container of the runtime caisson runs, without --privileged" sees '^Privileged: false, runtime: caisson$'
}

answers() {
    check "the Docker inside is ready" await_inner_docker
    box "docker version -f 'Docker {{.Server.Version}}, kernel {{.Server.KernelVersion}}'"
    check "a Docker of its own answers" sees '^Docker [0-9]'
    box 'docker ps'
    check "and runs no container yet" sees_one_line
}

serves() {
    box "docker import -c 'CMD [\"httpd\",\"-f\",\"-h\",\"/www\"]' /usr/share/caisson/busybox.tar busybox"
    box 'docker run -d --name inner-web --restart always -p 80:80 busybox'
    box 'curl -s --retry 5 --retry-connrefused http://localhost/'
    check "a web server in a container in the container answers" sees '^Hello from busybox'
    host "curl -s --retry 5 --retry-connrefused http://$address/"
    check "the host reaches it at the outer container's address" sees '^Hello from busybox'
}

is_hidden() {
    box "docker ps --format '{{.Names}}'"
    check "inside, the web server's container is listed" sees '^inner-web$'
    host "docker ps --format '{{.Names}}'"
    check "on the host, the outer container is" sees "^$name\$"
    check "on the host, the web server's container is not" sees_not inner-web
}

has_storage() {
    box "grep ' /var/lib/docker ' /proc/self/mountinfo"
    check "the inner Docker's storage is a directory of the host for this container alone" \
        sees " [^ ]*/docker/$id /var/lib/docker "
    box "docker info -f '{{.Driver}}'"
    check "overlay2 works on it" sees '^overlay2$'
}

is_nobody() {
    box 'id -un && cat /proc/self/uid_map'
    check "root inside, with ids of its own" sees '^root$'
    check "that begin far from the host's" sees '^ +0 +[1-9][0-9]{5,} +[0-9]+$'
    first=$(awk 'NR == 1 { print $2 }' "/proc/$pid/uid_map" 2>/dev/null) || first=none
    host "ps -o uid,pid,args -p $pid"
    check "the host sees the same process as a user that may do nothing" sees "^ *$first +$pid "
}

leaves_sysctls() {
    box 'sysctl -w vm.swappiness=17'
    host 'sysctl vm.swappiness'
    check "the host's value is what it was" sees "^vm.swappiness = $swappiness\$"
}

# host_disk: name, major and minor number of a disk of the host.
host_disk() { awk 'NR > 2 && $3 > 0 && $4 !~ /^(loop|ram|zram|sr|fd)/ { print $4, $1, $2; exit }' /proc/partitions; }

leaves_disks() {
    local disk major minor
    read -r disk major minor < <(host_disk) || { say "    this host has no disk to try it on"; return; }
    box "mknod /root/disk b $major $minor"
    check "no device node of the host's disk $disk can be made" refused 'not permitted'
    box "mount -t ext4 /dev/$disk /mnt"
    check "it cannot be mounted" refused 'denied|not permitted|does not exist'
}

leaves_processes() {
    host 'sleep 1009 & echo $!'
    victim=$seen
    box 'ps -eo pid,user,args'
    check "the host's processes are not to be seen" sees_not 'sleep 1009'
    box "kill -9 $victim"
    check "nor to be killed" refused 'no such process'
    host "ps -o pid,args -p $victim"
    check "it lives on" sees 'sleep 1009'
    kill "$victim" 2>/dev/null || true
    victim=''
}

leaves_modules() {
    box 'insmod /bin/true'
    check "no kernel module can be loaded" refused 'not permitted'
}

leaves_volumes() {
    box 'mount -o remount,bind,rw /volume'
    check "a read-only volume cannot be made writable" refused 'denied|not permitted|read-only'
    box 'umount /volume'
    check "nor be taken away to reach what is below" refused 'not mounted|not permitted|invalid|denied|superuser'
    box 'echo changed >/volume/note'
    check "nor be written to" refused 'read-only'
    host "cat $scratch/volume/note"
    check "the host's file is as it was" sees '^the host wrote this$'
}

survives_restart() {
    host "docker restart -t 1 $name"
    check "the Docker inside is ready again" await_inner_docker
    box "docker ps --format '{{.Names}}: {{.Status}}'"
    check "its container is there" sees '^inner-web: Up'
    box 'curl -s --retry 10 --retry-connrefused http://localhost/'
    check "and serves" sees '^Hello from busybox'
}

processes_of_container() {
    {
        find /sys/fs/cgroup -path "*$id*" -name cgroup.procs -exec cat {} + 2>/dev/null || true
        pgrep -f -- "-id $id" || true
    } | awk '$1 > 0' | sort -un | paste -sd, -
}

# is_gone LINE TEXT: shows the line when it finds nothing any more, or finds something still after ten seconds.
is_gone() {
    local line=$1 text=$2
    settles bash -c "[[ -z \$($line) ]]" || true
    host "$line"
    check "$text" nothing
}

leaves_nothing() {
    local pids
    pids=$(processes_of_container)
    host "docker rm -f $name"
    is_gone "grep -o '${id:0:12}.*' /proc/self/mountinfo" "no mount"
    is_gone "find /sys/fs/cgroup -type d -name '*${id:0:12}*'" "no cgroup"
    [[ -z $pids ]] || is_gone "ps -o pid=,args= -p $pids" "no process"
    is_gone "grep -l ${id:0:12} /run/caisson/ids/* 2>/dev/null" "no id range"
    is_gone "find /var/lib/caisson /run/caisson -name '*${id:0:12}*'" "no directory"
}

tell_story() {
    step 'Caisson registers with the Docker that runs' is_registered
    step 'A system container starts, without --privileged' starts
    step 'Docker works inside' answers
    step 'A web server runs in the Docker inside' serves
    step 'The host does not see the containers inside' is_hidden
    step 'The Docker inside has storage of its own' has_storage
    step 'Root inside is nobody outside' is_nobody
    step "The host's settings are out of reach" leaves_sysctls
    step "The host's disks are out of reach" leaves_disks
    step "The host's processes are out of reach" leaves_processes
    step "The host's kernel is out of reach" leaves_modules
    step 'A read-only volume stays read-only' leaves_volumes
    step 'The Docker inside survives a restart' survives_restart
}
