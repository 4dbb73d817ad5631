# Sourced by ../../demo: the Docker that the story is told with, and Caisson's registration with it.
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared by these files

# machine_dockerd: the pid of the dockerd that runs on this machine, if one does and answers.
machine_dockerd() {
    local pid
    pid=$(cat /var/run/docker.pid 2>/dev/null) && [[ $(cat "/proc/$pid/comm" 2>/dev/null) == dockerd ]] || return 1
    DOCKER_HOST=unix:///var/run/docker.sock timeout 10 docker version >/dev/null 2>&1 || return 1
    echo "$pid"
}

# configuration_of PID: the file that this dockerd reads.
configuration_of() {
    local file
    file=$(tr '\0' '\n' <"/proc/$1/cmdline" | sed -nE '/^--config-file$/{n;p}; s/^--config-file=//p' | tail -n 1)
    echo "${file:-/etc/docker/daemon.json}"
}

# choose_engine: sets engine, config, bin_dir, install_options, engine_enter, DOCKER_HOST.
choose_engine() {
    local pid
    unset DOCKER_CONTEXT
    if [[ $private == false ]] && pid=$(machine_dockerd); then
        engine=machine config=$(configuration_of "$pid") bin_dir=/usr/local/bin engine_enter=()
        install_options=()
        [[ $config == /etc/docker/daemon.json ]] || install_options=(--config "$config")
        export DOCKER_HOST=unix:///var/run/docker.sock
        say "   ${green}✓${plain} the Docker of this machine (process $pid) runs the containers"
        return
    fi
    engine=private config=$engine_dir/daemon.json bin_dir=$engine_dir/bin
    engine_enter=(tests/environment/dockerd-exec "$engine_dir")
    install_options=(--bin-dir "$bin_dir" --config "$config" --docker-pid-file "$engine_dir/dockerd.pid")
    export DOCKER_HOST=unix://$engine_dir/docker.sock
    # One that an earlier run was asked to keep, or could not stop.
    tests/environment/dockerd-stop "$engine_dir" 2>"$scratch/errors" || say "   an earlier run's Docker: $(reason)"
    engine_started=true
    patiently "starting a Docker of the demo's own" "$engine_dir/dockerd.log" 90 \
        tests/environment/dockerd-start "$engine_dir" || fail "no Docker runs here, and a private one cannot: $(reason)"
    say "     ${dim}host\$ stands for a shell with DOCKER_HOST=$DOCKER_HOST and this Docker's network${plain}"
}

stop_engine() {
    [[ $engine_started == true ]] || return 0
    engine_started=false
    tests/environment/dockerd-stop "$engine_dir" >"$scratch/output" 2>"$scratch/errors"
}

# registered, unregistered: what Docker says; neither holds when it says nothing.
runtimes() { docker info -f '{{range $name, $_ := .Runtimes}}{{println $name}}{{end}}'; }
registered() { [[ $'\n'$(runtimes)$'\n' == *$'\n'caisson$'\n'* ]]; }
unregistered() { local known; known=$(runtimes) && [[ $'\n'$known$'\n' != *$'\n'caisson$'\n'* ]]; }

# settles COMMAND...: tries for at most ten seconds. A daemon that was told to read its configuration does so when it
# gets to it, and the kernel empties a cgroup after the process is gone.
settles() {
    local try
    for ((try = 0; try < 50; try++)); do
        ! "$@" || return 0
        sleep 0.2
    done
    return 1
}

# The state before is kept in a file of its own, so that a run after one that was killed can go back to it.
remember_configuration() {
    mkdir -p "$before"
    if [[ -e $config ]]; then cp -p "$config" "$before/daemon.json"; fi
    printf '%s\n' "$config" >"$before/where"
}

# restore_configuration: byte for byte what was there before, if uninstall left the same meaning.
restore_configuration() {
    local file
    file=$(<"$before/where")
    if [[ -e $before/daemon.json && -e $file ]] && cmp -s <(jq -S . "$before/daemon.json") <(jq -S . "$file"); then
        cp -p "$before/daemon.json" "$file"
    fi
    rm -rf "$before"
}

register() {
    if [[ $engine == machine ]]; then remember_configuration; fi
    installed_here=true
    host "out/caisson install${install_options[*]:+ ${install_options[*]}}"
}

# unregister: true when nothing of the registration is left.
unregister() {
    [[ $installed_here == true ]] || return 0
    installed_here=false
    "$bin_dir/caisson" uninstall "${install_options[@]}" >"$scratch/output" 2>"$scratch/errors" || return 1
    if [[ $engine == machine ]]; then restore_configuration; fi
    settles unregistered && [[ ! -e $bin_dir/caisson ]]
}

# recover: what a run that was killed could not undo.
recover() {
    [[ -e $before/where ]] || return 0
    say "   an earlier run was killed; taking its registration back"
    local file
    file=$(<"$before/where")
    if [[ -x /usr/local/bin/caisson ]]; then /usr/local/bin/caisson uninstall --config "$file" >/dev/null; fi
    restore_configuration
}
