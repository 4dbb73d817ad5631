using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Rootless;

/// <summary>
/// A user that the machine does not know: /etc/passwd, subuid and subgid name it only in a mount namespace of each command's own,
/// so that the machine's files stay as they are. Has a bundle, and a directory for the runtime's states.
/// </summary>
sealed class OrdinaryUser
{
    public const int Id = 60123;

    /// <summary>The first of 65,536 subordinate ids.</summary>
    public const int Subordinate = 1_700_000_000;

    const string Become = """
        set -e
        mount -t tmpfs -o mode=755 tmpfs /mnt
        for file in passwd group; do cp /etc/$file /mnt/$file; done
        echo 'ordinary:x:60123:60123::/:/bin/sh' >>/mnt/passwd
        echo 'ordinary:x:60123:' >>/mnt/group
        echo 'ordinary:1700000000:65536' | tee /mnt/subuid >/mnt/subgid
        for file in passwd group subuid subgid; do mount --bind /mnt/$file /etc/$file; done
        mknod -m 666 /mnt/fuse c 10 229 && mount --bind /mnt/fuse /dev/fuse
        cd "$1"; shift
        exec setpriv --reuid 60123 --regid 60123 --clear-groups "$@"
        """;

    readonly string _scratch;

    public OrdinaryUser(string scratch)
    {
        foreach (string needed in (string[])["/etc/subuid", "/etc/subgid", "/dev/fuse"])
        {
            Assert.SkipUnless(File.Exists(needed), $"{needed} is missing: the test cannot put its own there");
        }

        _scratch = scratch;
        Directory.CreateDirectory($"{scratch}/run");
        Directory.CreateDirectory(Bundle);
        CommandResult image = Command.Run(SourceTree.PathOf("tests/environment/image-busybox"), []);
        Directory.CreateDirectory($"{Bundle}/rootfs");
        Command.Run("tar", ["-C", $"{Bundle}/rootfs", "-xf", image.Output.Trim()]);
        // As an ordinary user installs it: a copy that every user may read.
        File.Copy(Host.Caisson, $"{scratch}/caisson");
        File.CreateSymbolicLink($"{scratch}/caisson-plain", "caisson");
        Command.Run("chown", ["-R", $"{Id}:{Id}", scratch]);
        Command.Run("chmod", ["755", scratch]);
    }

    public string Bundle => $"{_scratch}/bundle";

    public string States => $"{_scratch}/run/caisson/containers";

    public string Plain => $"{_scratch}/caisson-plain";

    public string System => $"{_scratch}/caisson";

    /// <summary>A line for bash, as the user, in the bundle. $PLAIN and $SYSTEM are the program; it has no home of its own.</summary>
    public CommandResult Bash(string script, int seconds = 60) => Host.Run(
        _scratch,
        [
            "unshare", "-m", "--propagation", "private", "bash", "-c", Become, "become", Bundle,
            "env", $"XDG_RUNTIME_DIR={_scratch}/run", $"HOME={_scratch}/run", "USER=ordinary", $"PLAIN={Plain}", $"SYSTEM={System}", "bash", "-c", script,
        ],
        seconds: seconds);

    /// <summary>Writes config.json: that of <c>spec --rootless</c>, a shell that runs a script, changed by the test.</summary>
    public void Configure(string script, Action<JsonObject>? change = null, bool rootless = true)
    {
        File.Delete($"{Bundle}/config.json");
        CommandResult spec = Bash($"$PLAIN spec {(rootless ? "--rootless" : "")}");
        Assert.True(spec.ExitCode == 0, spec.Errors);
        JsonObject config = JsonNode.Parse(File.ReadAllText($"{Bundle}/config.json"))!.AsObject();
        config.Process()["terminal"] = false;
        config["root"]!["readonly"] = false;
        config.Shell(script);
        change?.Invoke(config);
        File.WriteAllText($"{Bundle}/config.json", config.ToJsonString());
    }

    /// <summary>All of the subordinate ids, from 1 on.</summary>
    public static void MapMore(JsonObject config)
    {
        foreach (string kind in (string[])["uidMappings", "gidMappings"])
        {
            config.Linux()[kind]!.AsArray().Add(Config.Json(new { containerID = 1, hostID = Subordinate, size = 65535 }));
        }
    }
}
