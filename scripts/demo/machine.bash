# Sourced by ../../demo: what must be on the machine, the binary, and the image.
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared by these files

on_systemd() { [[ -d /run/systemd/system ]]; }

sources_changed() {
    [[ ! -x out/caisson || -n $(find src Directory.Build.props Directory.Packages.props global.json -newer out/caisson \
        -type f -not -path '*/obj/*' -not -path '*/bin/*' -print -quit) ]]
}

# missing_packages PACKAGE...: dpkg-query fails when it does not know one of the names; those are missing too.
missing_packages() {
    local installed package
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' || true)
    for package in "$@"; do
        [[ $'\n'$installed$'\n' == *$'\n'$package$'\n'* ]] || echo "$package"
    done
}

available() { [[ $(apt-cache policy "$1" 2>/dev/null) == *Candidate:\ [0-9]* ]]; }

apt_install() {
    local options=() command
    # Without systemd a service that a package starts would be nobody's: then these find commands that start nothing.
    if ! on_systemd; then
        mkdir "$scratch/quiet"
        for command in invoke-rc.d deb-systemd-invoke; do
            printf '#!/bin/sh\nexit 0\n' >"$scratch/quiet/$command"
            chmod 755 "$scratch/quiet/$command"
        done
        options=(-o DPkg::Path="$scratch/quiet:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
    fi
    DEBIAN_FRONTEND=noninteractive patiently "installing $*" "$scratch/output" 1200 \
        apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "${options[@]}" "$@" ||
        fail "apt-get install $*: $(reason)"
}

# bring_packages: Docker only where there is none, whoever made it; compilers only where something is to be built.
bring_packages() {
    local wanted=(busybox-static curl debootstrap iproute2 iptables jq perl-base procps util-linux xz-utils) missing
    command -v dpkg-query >/dev/null || fail "this machine has no dpkg: Debian or Ubuntu is needed"
    [[ $(. /etc/os-release && echo "$ID") != debian ]] || wanted+=(debian-archive-keyring)
    command -v dockerd >/dev/null || wanted+=(docker.io)
    [[ $build == false ]] || wanted+=(gcc libc6-dev linux-libc-dev libseccomp-dev zlib1g-dev binutils make)
    mapfile -t missing < <(missing_packages "${wanted[@]}")
    [[ $build == false ]] || command -v dotnet >/dev/null || missing+=(dotnet-sdk-10.0)
    command -v docker >/dev/null || missing+=(docker-cli)
    ((${#missing[@]})) || return 0
    patiently "reading the package lists" "$scratch/output" 300 apt-get update -q ||
        fail "apt-get update: $(reason)"
    # In older suites docker.io contains the client.
    available docker-cli || mapfile -t missing < <(printf '%s\n' "${missing[@]}" | grep -vx docker-cli)
    [[ ${missing[*]} != *dotnet-sdk-10.0* ]] || available dotnet-sdk-10.0 ||
        fail "there is no dotnet command, and this distribution has no package dotnet-sdk-10.0: install the .NET SDK 10 first, or put a binary that was built elsewhere at out/caisson and add --no-build"
    apt_install "${missing[@]}"
}

# make_binary: as whoever owns the tree, lest they find files of root's in it.
make_binary() {
    local owner as=()
    owner=$(stat -c %U .)
    [[ $owner == root || $owner == UNKNOWN ]] || as=(runuser -u "$owner" --)
    patiently "building out/caisson" "$scratch/output" 900 "${as[@]}" make publish || fail "make publish: $(reason)"
}

# Base of the image where there is a registry: the distribution's own.
registry_base() { if [[ $(. /etc/os-release && echo "$ID") == ubuntu ]]; then echo ubuntu; else echo debian:stable; fi; }

have_image() { docker image inspect "$1" >/dev/null 2>&1; }

# pull IMAGE: docker says "Pulling from" as soon as the registry has answered; a registry that has not within 20 seconds
# is taken for none.
pull() {
    local begun=$SECONDS reported=0
    ! have_image "$1" || return 0
    start 600 docker pull "$1"
    while kill -0 "$job" 2>/dev/null; do
        if ((SECONDS - begun > 20)) && ! grep -q 'Pulling from' "$scratch/output"; then
            end_job
            printf '%s' "$clear"
            return 1
        fi
        progress "pulling $1" "$begun" "$scratch/output"
        sleep 0.2
    done
    printf '%s' "$clear"
    finish_job
}

build_from_registry() {
    local base context=$scratch/context
    base=$(registry_base)
    pull "$base" || { say "   no registry answers here ($(reason)): making the image from packages"; return 1; }
    mkdir -p "$context"
    cp scripts/demo/Dockerfile scripts/demo/start-docker tests/environment/await-ready "$context"
    cp "$(tests/environment/image-busybox)" "$context/busybox.tar"
    patiently "building the image on $base" "$scratch/output" 900 \
        docker build --build-arg BASE="$base" -t "$image" "$context" ||
        { say "   docker build failed ($(reason)): making the image from packages"; return 1; }
}

import_from_packages() {
    patiently "making a Docker-in-Docker root file system with debootstrap" "$cache/engines-$suite.log" 2400 \
        tests/environment/image-dind "$suite" || fail "no image could be made: $(reason)"
    patiently "docker import" "$scratch/output" 300 \
        docker import -c 'ENTRYPOINT ["/usr/local/bin/start-docker"]' -c 'CMD ["bash"]' \
        "$(<"$scratch/output")" "$image" ||
        fail "docker import: $(reason)"
}

# bring_image: made once for an engine and kept there, under a tag that changes with what goes in.
bring_image() {
    local key other
    key=$(digest scripts/demo/{Dockerfile,start-docker,machine.bash} tests/environment/{await-ready,image-dind,image-busybox,rootfs-engines})
    image=caisson-demo:${key:0:12}
    if have_image "$image"; then
        say "   ${green}✓${plain} the image $image is there from an earlier run"
        return
    fi
    for other in $(docker images -q caisson-demo); do docker rmi "$other" >/dev/null 2>&1 || true; done
    # A private engine has no way out of the machine.
    if [[ $engine == machine ]] && build_from_registry; then return; fi
    import_from_packages
}
