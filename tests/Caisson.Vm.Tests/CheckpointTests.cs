namespace Caisson.Vm.Tests;

/// <summary>
/// Checkpoints with all that CRIU can want: a kernel that marks written pages, CAP_SYS_RESOURCE, cgroup version 2, shared mounts.
/// </summary>
[Collection(typeof(InVm))]
public sealed class CheckpointTests : VmTest
{
    // Counts in memory, and leaves its last number in a file.
    const string Counter = """
        .process.args = ["sh", "-c", "i=0; while :; do i=$((i+1)); echo $i >/count; sleep 0.1; done"]
        """;

    // Standard streams that are the container's own, and what the process has come to.
    const string Functions = """
        export PATH=/root/criu/bin:$PATH
        plain() { caisson --isolation=plain "$@"; }
        detached() { plain "$@" </dev/null >/dev/null 2>/tmp/errors || { cat /tmp/errors >&2; return 1; }; }
        count() { cat /b/$1/rootfs/count; }
        await() { until [[ $(count "$1") -gt $2 ]]; do sleep 0.1; done; }

        """;

    public CheckpointTests(VirtualMachine machine)
        : base(machine)
    {
        CommandResult criu = Command.Run(SourceTree.PathOf("tests/environment/criu"), [], seconds: 900);
        Assert.True(criu.ExitCode == 0, criu.Errors);
        machine.Copy(criu.Output.Trim(), "/root/criu");
    }

    [Theory]
    [Trait("form", "long")]
    [InlineData("--rootless=auto", "/vmtest/one")]
    [InlineData("--systemd-cgroup", "vmtest.slice:t:one")]
    public void AContainer_IsRestoredFromItsImageAndTheOneBefore(string driver, string cgroup)
    {
        Run($$"""
            {{Functions}}
            bundle kept '{{Counter}} | .linux.cgroupsPath = "{{cgroup}}"'
            plain {{driver}} run -d -b /b/kept kept </dev/null >/dev/null 2>&1
            await kept 2
            plain checkpoint --pre-dump --image-path /tmp/before kept
            await kept $(count kept)
            plain checkpoint --parent-path ../before --image-path /tmp/image kept
            [[ -e /tmp/image/parent ]]
            last=$(count kept)
            rm /b/kept/rootfs/count
            detached {{driver}} restore -d --image-path /tmp/image -b /b/kept kept
            until [[ -e /b/kept/rootfs/count ]]; do sleep 0.1; done
            await kept $last
            [[ $(tail -n 1 /proc/$(plain state kept | jq .pid)/cgroup) == "0::${top:=$(directory kept | sed s:^/sys/fs/cgroup::)}" ]]
            rm -r /tmp/before /tmp/image
            """);
        Run("gone kept");
    }

    [Fact]
    [Trait("form", "long")]
    public void LazyPages_ComeFromTheOldContainer_WhichEndsThen()
    {
        Run($$"""
            {{Functions}}
            bundle lazy '{{Counter}}'
            plain run -d -b /b/lazy lazy </dev/null >/dev/null 2>&1
            await lazy 2
            mkfifo /tmp/status
            exec 7<>/tmp/status
            mkdir /tmp/image
            plain checkpoint --lazy-pages --page-server 127.0.0.1:27277 --status-fd 7 --image-path /tmp/image lazy 7>&7 &
            dump=$!
            [[ $(head -c 1 <&7 | od -An -tu1) -eq 0 ]]
            criu lazy-pages --page-server --address 127.0.0.1 --port 27277 -D /tmp/image -o lazy.log &
            pages=$!
            until [[ -e /tmp/image/lazy-pages.socket ]]; do sleep 0.1; done
            last=$(count lazy)
            detached restore -d --lazy-pages --image-path /tmp/image -b /b/lazy lazy2
            wait $dump
            wait $pages
            ! plain state lazy 2>/dev/null
            await lazy $last
            plain delete -f lazy2
            rm -r /tmp/image /tmp/status /b/lazy
            """);
    }
}
