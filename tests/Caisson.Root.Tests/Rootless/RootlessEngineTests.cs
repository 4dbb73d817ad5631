using Caisson.Root.Tests.Docker;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Rootless;

/// <summary>Podman and Docker of an ordinary user inside of a system container, with the usual runtimes and with Caisson as theirs.</summary>
[Collection(typeof(OnSid))]
public sealed class RootlessEngineTests(SidEngine engine) : EngineTests(engine)
{
    const string AskWeb = "curl -sS --retry 40 --retry-all-errors --retry-delay 0 --retry-max-time 20 http://127.0.0.1:8080/";

    const string StartDocker = """
        mkdir -p ~/.config/docker
        echo '{"runtimes":{"caisson":{"path":"/opt/caisson/caisson"},"caisson-plain":{"path":"/opt/caisson/caisson-plain"}}}' >~/.config/docker/daemon.json
        export DOCKERD_ROOTLESS_ROOTLESSKIT_NET=slirp4netns DOCKERD_ROOTLESS_ROOTLESSKIT_MTU=1500
        setsid /usr/share/docker.io/contrib/dockerd-rootless.sh >/tmp/rootless.log 2>&1 </dev/null &
        for i in $(seq 600); do docker version >/dev/null 2>&1 && exit; sleep 0.1; done
        tail -n 20 /tmp/rootless.log; exit 1
        """;

    [Fact]
    public void RootlessPodman_DoesRealWork_WithEachRuntime()
    {
        using Worker worker = new(Engine, "podman");
        worker.Run("podman import -c CMD=sh /usr/share/caisson/busybox.tar bb");
        Assert.Equal("0 1000 1 1 2000 60000", Words(worker.Run("podman run --rm bb cat /proc/self/uid_map")));
        foreach (string runtime in (string[])["crun", "runc", "/opt/caisson/caisson-plain", "/opt/caisson/caisson"])
        {
            string podman = $"podman --runtime {runtime}";
            worker.Run($"{podman} run -d --name web -p 8080:80 bb httpd -f -h /www");
            Assert.Equal("Hello from busybox.", worker.Run(AskWeb));
            Assert.Contains("httpd", worker.Run($"{podman} exec web ps"), StringComparison.Ordinal);
            worker.Run($"{podman} stop -t 0 web && {podman} start web && {podman} rm -f -t 0 web");
            Assert.Equal("7", worker.Run($"{podman} run --rm bb sh -c 'exit 7' || echo $?"));
            // What root inside writes belongs to the user, and ids inside are subordinate ones.
            worker.Run($"mkdir -p v && {podman} run --rm -v ~/v:/v bb sh -c 'touch /v/root; touch /v/other; chown 5:5 /v/other'");
            Assert.Equal("2004 1000", Words(worker.Run("stat -c %u v/other v/root; podman unshare rm -rf v")));
            Assert.Equal("0 lo", worker.Run($"{podman} run --rm --network=none bb sh -c 'echo $(id -u) $(ip link | grep -o \"lo: <LOOPBACK,UP\" | cut -c1-2)'"));
            worker.Run($"{podman} pod create --name pod --infra-image bb --infra-command 'sleep 1000' && {podman} run -d --pod pod bb httpd -f -p 81 -h /www");
            Assert.Equal("Hello from busybox.", worker.Run($"{podman} run --rm --pod pod bb sh -c 'until wget -q -O - http://localhost:81/; do sleep 0.05; done'"));
            worker.Run($"{podman} pod rm -f -t 0 pod");
            worker.Run("printf 'FROM bb\\nRUN echo built >/b\\n' >Dockerfile");
            Assert.Equal("built", worker.Run($"{podman} build -q -t img . >/dev/null && {podman} run --rm img cat /b"));
        }
    }

    [Fact]
    public void RootlessDocker_DoesRealWork_WithEachRuntime()
    {
        using Worker worker = new(Engine, "docker");
        worker.Run(StartDocker);
        Assert.Contains("rootless", worker.Run("docker info -f '{{.SecurityOptions}}'"), StringComparison.Ordinal);
        worker.Run("docker import /usr/share/caisson/busybox.tar bb");
        foreach (string runtime in (string[])["runc", "caisson-plain", "caisson"])
        {
            worker.Run($"docker run -d --name web -p 8080:80 --runtime={runtime} bb httpd -f -h /www");
            Assert.Equal("Hello from busybox.", worker.Run(AskWeb));
            Assert.Contains("httpd", worker.Run("docker exec web ps"), StringComparison.Ordinal);
            worker.Run("docker restart -t 0 web && docker rm -f web");
            Assert.Equal("7", worker.Run($"docker run --rm --runtime={runtime} bb sh -c 'exit 7' || echo $?"));
        }

        // Each of the levels has its own root.
        Assert.Equal("0 1000 1 1 2000 60000", Words(worker.Run("docker run --rm --runtime=caisson-plain bb cat /proc/self/uid_map")));
        Assert.Equal("0 0 1 1 1 60000", Words(worker.Run("docker run --rm --runtime=caisson bb cat /proc/self/uid_map")));
    }

    [Fact]
    public void CaissonOfAnOrdinaryUser_RunsThere()
    {
        using Worker worker = new(Engine, "own");
        worker.Run("mkdir -p b/rootfs && tar -C b/rootfs -xf /usr/share/caisson/busybox.tar");
        foreach ((string program, string option) in ((string, string)[])[("caisson-plain", "--rootless"), ("caisson", "")])
        {
            worker.Run($"cd b && rm -f config.json && /opt/caisson/caisson spec {option} && sed -i 's/\"terminal\": *true/\"terminal\": false/; s/\"sh\"/\"id\"/' config.json");
            Assert.StartsWith("uid=0(root)", worker.Run($"cd b && /opt/caisson/{program} run one"), StringComparison.Ordinal);
        }

        Assert.Equal("", worker.Run("ls $XDG_RUNTIME_DIR/caisson/containers"));
    }

    static string Words(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The ordinary user of a system container of the image that tests/environment/image-rootless makes.</summary>
    sealed class Worker : IDisposable
    {
        readonly DockerEngine _engine;
        readonly Outer _outer;

        public Worker(DockerEngine engine, string name)
        {
            _engine = engine;
            if (engine.Try("image", "inspect", "rootless").ExitCode != 0)
            {
                CommandResult image = Host.Run(engine.Scratch, [SourceTree.PathOf("tests/environment/image-rootless"), engine.Suite], seconds: 900);
                Assert.True(image.ExitCode == 0, image.Errors);
                engine.Run("import", "-c", "CMD [\"sleep\",\"1000\"]", image.Output.Trim(), "rootless");
            }

            _outer = new Outer(engine, $"rootless-{name}");
            _outer.StartIdle("rootless", "-v", $"{Path.GetDirectoryName(Host.Caisson)}:/opt/caisson:ro");
            _outer.Inside("mkdir -p /run/user/1000 && chown 1000:1000 /run/user/1000 && chmod 700 /run/user/1000");
        }

        public string Run(string script) => _engine.Run(
            "exec", "-u", "worker", "-w", "/home/worker", "-e", "HOME=/home/worker", "-e", "USER=worker", "-e", "XDG_RUNTIME_DIR=/run/user/1000",
            "-e", "DOCKER_HOST=unix:///run/user/1000/docker.sock", "-e", "PODMAN_IGNORE_CGROUPSV1_WARNING=1", _outer.Name, "sh", "-c", script);

        public void Dispose() => _outer.Dispose();
    }
}
