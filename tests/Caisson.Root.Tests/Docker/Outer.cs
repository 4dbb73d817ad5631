using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Docker;

/// <summary>A system container of an engine; removed at the end, after which nothing of it may be left on the host.</summary>
sealed class Outer(DockerEngine engine, string name) : IDisposable
{
    public string Name { get; } = name;

    public string Id { get; private set; } = "";

    public JsonNode Status => engine.Inspect(Name)["State"]!;

    public int FirstPid => (int)Status["Pid"]!;

    /// <summary>Runs it in the background; an inner Docker is ready when this returns.</summary>
    public Outer Start(string image, params string[] options) => Start(image, [], options);

    public Outer Start(string image, string[] command, string[] options)
    {
        StartOnly(image, command, options);
        if (image != "busybox")
        {
            AwaitDocker();
        }

        return this;
    }

    /// <summary>Runs it in the background and waits for nothing.</summary>
    public void StartOnly(string image, string[] command, string[] options) =>
        Id = engine.Run(["run", "-d", "--name", Name, "--runtime=caisson", .. options, image, .. command]);

    /// <summary>Of an image without a Docker that starts by itself.</summary>
    public Outer StartIdle(string image, params string[] options)
    {
        Id = engine.Run(["run", "-d", "--name", Name, "--runtime=caisson", .. options, image]);
        return this;
    }

    /// <summary>The image's entrypoint executes its command once the inner Docker is ready: pid 1 is then `sleep`.</summary>
    public void AwaitDocker() => Inside(
        "for i in $(seq 600); do [ \"$(cat /proc/1/comm)\" = sleep ] && docker version >/dev/null 2>&1 && exit; sleep 0.1; done; exit 1");

    /// <summary>Gives the inner Docker its first image, "bb": one static busybox.</summary>
    public Outer ImportBusybox()
    {
        Inside("docker import -c 'CMD [\"sleep\",\"1000\"]' /usr/share/caisson/busybox.tar bb");
        return this;
    }

    public string Inside(string script) => engine.Run("exec", Name, "sh", "-c", script);

    public void Dispose()
    {
        engine.Run("rm", "-f", "-v", Name);
        if (Id.Length > 0)
        {
            Assert.Empty(Host.Run(engine.Scratch, ["find", "/var/lib/caisson", "/run/caisson", "/sys/fs/cgroup", "-name", $"*{Id}*"]).Output);
            Assert.DoesNotContain(Id, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
            Assert.DoesNotContain(
                Directory.GetFiles("/run/caisson/ids"), record => File.ReadAllText(record).Contains(Id, StringComparison.Ordinal));
            RootTest.Eventually(() => Leftovers.Monitors(Id).Count == 0, "the monitor ends with its container");
        }
    }
}
