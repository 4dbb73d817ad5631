namespace Caisson.Root.Tests.Docker;

/// <summary>Networks of the engine outside and of the one inside: names, ports, shared network namespaces, compose.</summary>
public abstract class NetworkTests(DockerEngine engine) : EngineTests(engine)
{
    const string Compose = """
        services:
          web:
            image: IMAGE
            command: httpd -f -h /www
            networks: [front]
            RUNTIME
          probe:
            image: IMAGE
            command: sh -c 'for i in $$(seq 100); do wget -qO- http://web/ && exit; sleep 0.1; done; exit 1'
            depends_on: [web]
            networks: [front]
            RUNTIME
          side:
            image: IMAGE
            command: sh -c 'for i in $$(seq 100); do wget -qO- http://127.0.0.1/ && exit; sleep 0.1; done; exit 1'
            depends_on: [web]
            network_mode: service:web
            RUNTIME
        networks:
          front:
        """;

    [Fact]
    public void ContainersOfOneNetwork_FindEachOtherByName_AndOthersDoNot()
    {
        Engine.Run("network", "create", "own");
        using (Outer web = new Outer(Engine, "web").Start("busybox", ["httpd", "-f", "-h", "/www"], ["--network", "own", "--network-alias", "site"]))
        using (Outer asks = new Outer(Engine, "asks").Start("busybox", "--network", "own"))
        using (Outer stranger = new Outer(Engine, "stranger").Start("busybox"))
        {
            Assert.Equal("Hello from busybox.", asks.Inside("wget -qO- http://web/"));
            Assert.Equal("Hello from busybox.", asks.Inside("wget -qO- http://site/"));
            string address = Engine.Run("inspect", "-f", "{{.NetworkSettings.Networks.own.IPAddress}}", "web");
            string ask = $"wget -T 1 -qO- http://{address}/ 2>/dev/null || echo no";
            Assert.Equal("no", stranger.Inside(ask));
            Engine.Run("network", "connect", "own", "stranger");
            Assert.Equal("Hello from busybox.", stranger.Inside("wget -qO- http://web/"));
            Engine.Run("network", "disconnect", "own", "asks");
            Assert.Equal("no", asks.Inside(ask));
        }

        Engine.Run("network", "rm", "own");
    }

    [Fact]
    public void InnerContainersOfOneNetwork_FindEachOtherByName()
    {
        Engine.Run("network", "create", "around");
        using (Outer outer = new Outer(Engine, "names").Start("dind", "--network", "around").ImportBusybox())
        {
            outer.Inside("docker network create own && docker run -d --name web --network own bb httpd -f -h /www");
            Assert.Equal("Hello from busybox.", outer.Inside("docker run --rm --network own bb wget -qO- http://web/"));
            Assert.Equal("Hello from busybox.", outer.Inside("docker run --rm --network container:web bb wget -qO- http://127.0.0.1/"));
            // The name server of the network outside goes on answering in the outer container.
            using Outer neighbour = new Outer(Engine, "neighbour").Start("busybox", ["httpd", "-f", "-h", "/www"], ["--network", "around"]);
            Assert.Equal("Hello from busybox.", outer.Inside("curl -sS http://neighbour/"));
        }

        Engine.Run("network", "rm", "around");
    }

    [Fact]
    public void TheNameServerOfTheNetworkOutside_AnswersInnerContainers_AndNobodyElse()
    {
        const string server = "169.254.0.11";
        string intrude = $"timeout 5 nc -w 2 {server} 53 </dev/null && echo -n 'yes ' || echo -n 'no '; timeout 5 nc -w 2 127.0.0.2 8000 </dev/null && echo yes || echo no";
        Engine.Run("network", "create", "around");
        using (Outer neighbour = new Outer(Engine, "neighbour").Start("busybox", ["httpd", "-f", "-h", "/www"], ["--network", "around", "--runtime=caisson-plain", "--cap-add=NET_ADMIN", "--sysctl=net.ipv4.conf.all.route_localnet=1"]))
        using (Outer outer = new Outer(Engine, "names").Start("dind", "--network", "around").ImportBusybox())
        {
            string address = Engine.Run("inspect", "-f", "{{.NetworkSettings.Networks.around.IPAddress}}", "neighbour");
            outer.Inside("docker network create own");
            AssertAnswers();
            outer.Inside($"docker run --rm bb timeout 5 nc -w 2 {server} 53");
            // Docker keeps names without a dot for itself on networks of its own; the network's name is a domain.
            Assert.Contains(address, outer.Inside("docker run --rm --network own bb nslookup -type=a neighbour.around"), StringComparison.Ordinal);
            Engine.Run("restart", "-t", "0", "names");
            outer.AwaitDocker();
            AssertAnswers();

            // Neighbours do not get there, and the way does not lead to what listens on the loopback interface.
            string own = Engine.Run("inspect", "-f", "{{.NetworkSettings.Networks.around.IPAddress}}", "names");
            neighbour.Inside($"ip route add {server} via {own} && ip route add 127.0.0.2 via {own} table 100");
            neighbour.Inside("ip rule add pref 1 to 127.0.0.2 table 100; ip rule add pref 2 table local; ip rule del pref 0");
            outer.Inside("docker run -d --network host bb httpd -f -p 127.0.0.2:8000 -h /www");
            outer.Inside("curl -sS --retry 20 --retry-connrefused --retry-delay 0 http://127.0.0.2:8000/");
            Assert.Equal("no no", neighbour.Inside(intrude));
            outer.Inside("nft flush chain ip caisson-dns guard");
            Assert.Equal("yes yes", neighbour.Inside(intrude));

            void AssertAnswers() =>
                Assert.Contains(address, outer.Inside("docker run --rm bb nslookup -type=a neighbour"), StringComparison.Ordinal);
        }

        Engine.Run("network", "rm", "around");
    }

    [Fact]
    public void APublishedPort_Answers_AlsoAfterARestart_AndIsFreeAfterwards()
    {
        using (Outer web = new Outer(Engine, "ports").Start("busybox", ["httpd", "-f", "-h", "/www"], ["-p", "18081:80", "-p", "127.0.0.1::80"]))
        {
            Assert.Equal("Hello from busybox.\n", Ask("127.0.0.1:18081"));
            Assert.Equal("Hello from busybox.\n", Ask(Engine.Run("port", "ports", "80/tcp").Split('\n').Single(line => line.StartsWith("127.", StringComparison.Ordinal))));
            Engine.Run("restart", "-t", "0", "ports");
            Assert.Equal("Hello from busybox.\n", Ask("127.0.0.1:18081"));
        }

        Assert.Equal(7, Engine.OnNetwork("curl", "-s", "http://127.0.0.1:18081/").ExitCode);
    }

    [Fact]
    public void AContainerInTheNetworkOfAnother_SharesItsPortsAndIds()
    {
        using Outer first = new Outer(Engine, "first").Start("busybox", ["httpd", "-f", "-h", "/www"], []);
        using Outer second = new Outer(Engine, "second").Start("busybox", "--network", "container:first");
        Assert.Equal("Hello from busybox.", second.Inside("wget -qO- http://127.0.0.1/"));
        const string look = "cat /proc/self/uid_map; ip -o link | wc -l; readlink /proc/self/ns/net";
        Assert.Equal(first.Inside(look), second.Inside(look));
        Assert.NotEqual(first.Inside("readlink /proc/self/ns/pid"), second.Inside("readlink /proc/self/ns/pid"));
        Engine.Run("rm", "-f", "first");
        Assert.Equal("1", second.Inside("ip -o link show lo | wc -l"));
    }

    [Fact]
    public void Compose_BringsUpServices_ThatFindEachOther_OutsideAndInside()
    {
        string file = $"{Engine.Scratch}/compose.yaml";
        File.WriteAllText(file, Compose.Replace("IMAGE", "busybox").Replace("RUNTIME", "runtime: caisson"));
        AssertComposeWorks(arguments => Engine.Run(["compose", "-p", "project", "-f", file, .. arguments]));

        using Outer outer = new Outer(Engine, "composer").Start("dind", "-v", $"{Engine.Plugins}:/usr/local/lib/docker/cli-plugins:ro").ImportBusybox();
        File.WriteAllText(file, Compose.Replace("IMAGE", "bb").Replace("RUNTIME", "restart: 'no'"));
        Engine.Run("cp", file, "composer:/root/compose.yaml");
        AssertComposeWorks(arguments => outer.Inside($"docker compose -p project -f /root/compose.yaml {string.Join(' ', arguments)}"));
    }

    static void AssertComposeWorks(Func<string[], string> compose)
    {
        compose(["up", "-d"]);
        Eventually(() => compose(["ps", "-a", "--services", "--status", "exited"]).Split('\n').Length == 2, "both have asked");
        Assert.Equal("Hello from busybox.", compose(["logs", "--no-log-prefix", "probe"]));
        Assert.Equal("Hello from busybox.", compose(["logs", "--no-log-prefix", "side"]));
        Assert.Equal("web", compose(["ps", "--services", "--status", "running"]));
        compose(["down", "-t", "0"]);
        Assert.Empty(compose(["ps", "-aq"]));
    }

    string Ask(string address)
    {
        CommandResult result = Engine.OnNetwork(
            "curl", "-sS", "--retry", "20", "--retry-connrefused", "--retry-delay", "0", "--retry-max-time", "20", $"http://{address}/");
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Output;
    }
}

[Collection(typeof(OnBookworm))]
public sealed class NetworkOfBookwormTests(BookwormEngine engine) : NetworkTests(engine);

[Collection(typeof(OnSid))]
public sealed class NetworkOfSidTests(SidEngine engine) : NetworkTests(engine);
