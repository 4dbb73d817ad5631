namespace Caisson.Root.Tests.Docker;

/// <summary>
/// Devices by the Container Device Interface, as GPUs' toolkits describe them: device nodes, mounts, variables, and hooks of the host that
/// work on the container's root file system.
/// </summary>
[Collection(typeof(OnSid))]
public sealed class CdiTests(SidEngine engine) : EngineTests(engine)
{
    [Theory]
    [InlineData("caisson")]
    [InlineData("caisson-plain")]
    public void ADevice_IsThereWithAllThatBelongsToIt(string runtime)
    {
        string hook = $"{Engine.Scratch}/hook";
        File.WriteAllText(
            hook,
            """
            #!/bin/sh
            # As nvidia-cdi-hook: links in the root file system, whose place is in the bundle's config.json.
            bundle=$(sed -n 's/.*"bundle": *"\([^"]*\)".*/\1/p')
            root=$(sed -n 's/.*"root": *{[^}]*"path": *"\([^"]*\)".*/\1/p' "$bundle/config.json")
            case $root in /*) ;; *) root=$bundle/$root ;; esac
            mkdir -p "$root/usr/lib/driver" && ln -sf lib.so.1 "$root/usr/lib/driver/lib.so" && cat "$root/usr/lib/driver/lib.so" >"$root/found-by-$1"
            """);
        File.SetUnixFileMode(hook, (UnixFileMode)0x1ED);
        File.WriteAllText($"{Engine.Scratch}/lib", "library");
        File.WriteAllText(
            $"{Engine.Scratch}/cdi.json",
            """
            {"cdiVersion": "0.6.0", "kind": "example.com/gpu",
             "containerEdits": {"env": ["GPU_DRIVER=1.2"], "mounts": [
               {"hostPath": "PLACE/lib", "containerPath": "/usr/lib/driver/lib.so.1", "options": ["ro", "nosuid", "nodev", "bind"]}]},
             "devices": [{"name": "0", "containerEdits": {
               "deviceNodes": [{"path": "/dev/gpu/card0", "hostPath": "/dev/zero", "permissions": "rw", "gid": 44, "fileMode": 432}],
               "hooks": [{"hookName": "createContainer", "path": "PLACE/hook", "args": ["hook", "create"]}]}}]}
            """.Replace("PLACE", Engine.Scratch));
        Assert.Equal(0, Engine.Inside("sh", "-c", $"mkdir -p /etc/cdi && cp {Engine.Scratch}/cdi.json /etc/cdi/example.json").ExitCode);

        const string look = "echo $GPU_DRIVER; cat /usr/lib/driver/lib.so; cat /found-by-create; stat -c '%A %u:%g' /dev/gpu/card0; head -c 3 /dev/gpu/card0 | wc -c; stat -c %u /found-by-create; "
            + "echo >/usr/lib/driver/lib.so.1 2>/dev/null || echo denied";
        Assert.Equal(
            "1.2\nlibrarylibrarycrw-rw---- 0:44\n3\n0\ndenied",
            Engine.Run("run", "--rm", $"--runtime={runtime}", "--device", "example.com/gpu=0", "busybox", "sh", "-c", look));

        Assert.NotEqual(0, Engine.Try("run", "--rm", $"--runtime={runtime}", "--device", "example.com/gpu=1", "busybox", "true").ExitCode);
    }
}
