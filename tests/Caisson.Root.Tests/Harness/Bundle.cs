namespace Caisson.Root.Tests.Harness;

/// <summary>A bundle with a root file system of one static busybox, and the container of it. Disposing deletes by force.</summary>
sealed class Bundle : IDisposable
{
    static readonly Lazy<string> s_rootfs = new(UnpackBusybox);

    readonly string _level;
    readonly Func<string[], string[]> _commandLine;

    public Bundle(RootTest test, string level, string id, Action<JsonObject>? change)
    {
        (string scratch, _commandLine) = test.Access(level);
        (_level, Id, Directory) = (level, id, $"{scratch}/{id}");
        System.IO.Directory.CreateDirectory(Directory);
        Succeed(Command.Run("cp", ["-a", s_rootfs.Value, Rootfs]));
        Succeed(Host.Run(Directory, [Host.Caisson, "spec"]));
        Change(config =>
        {
            config["process"]!["terminal"] = false;
            config["root"]!["readonly"] = false;
            config["process"]!["env"]!.AsArray().Add($"TEST_OF_CAISSON={id}");
            change?.Invoke(config);
        });
    }

    public string Id { get; }

    public string Directory { get; }

    public string Rootfs => $"{Directory}/rootfs";

    public string ConfigPath => $"{Directory}/config.json";

    public JsonObject State => JsonNode.Parse(Succeed(Caisson("state", Id)).Output)!.AsObject();

    public string Status => (string)State["status"]!;

    public int Pid => (int)State["pid"]!;

    public void Change(Action<JsonObject> change)
    {
        JsonObject config = JsonNode.Parse(File.ReadAllText(ConfigPath))!.AsObject();
        change(config);
        File.WriteAllText(ConfigPath, config.ToJsonString());
    }

    public CommandResult Caisson(params string[] arguments) => Host.Run(Directory, _commandLine(arguments));

    public CommandResult Run(params string[] options) => Caisson(["run", .. options, "-b", Directory, Id]);

    /// <summary><c>run</c> in the foreground, not waited for.</summary>
    public Running StartRun(params string[] options) => Host.Start(Directory, _commandLine(["run", .. options, "-b", Directory, Id]));

    /// <summary><c>run --detach</c>, which must succeed.</summary>
    public Bundle Launch(params string[] options)
    {
        Succeed(Run(["-d", .. options]));
        return this;
    }

    public CommandResult Create(params string[] options) => Caisson(["create", .. options, "-b", Directory, Id]);

    public CommandResult Start() => Caisson("start", Id);

    public CommandResult Exec(params string[] command) => Caisson(["exec", Id, .. command]);

    public CommandResult Kill(string signal) => Caisson("kill", Id, signal);

    public CommandResult Delete(params string[] options) => Caisson(["delete", .. options, Id]);

    /// <summary>What a shell in the container printed; it must succeed.</summary>
    public string Shell(string script) => Succeed(Exec("sh", "-c", script)).Output.Trim();

    /// <summary>The first column of a map and the second: what root inside is on the host, and how many ids there are.</summary>
    public (uint Start, uint Count) IdMap()
    {
        string[] fields = File.ReadAllText($"/proc/{Pid}/uid_map").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return (uint.Parse(fields[1]), uint.Parse(fields[2]));
    }

    public void WaitFor(string status)
    {
        for (int i = 0; Status != status; i++)
        {
            Assert.True(i < 500, $"{Id} is {Status}, not {status}");
            Thread.Sleep(10);
        }
    }

    public void Dispose()
    {
        CommandResult result = Caisson("delete", "--force", Id);
        if (TestContext.Current.TestState?.Result != TestResult.Failed)
        {
            Succeed(result);
        }
    }

    /// <summary>Puts a static program, from C, into the root directory of the container.</summary>
    public void Compile(string source, string name, params string[] options)
    {
        File.WriteAllText($"{Directory}/{name}.c", source);
        Succeed(Command.Run("gcc", ["-static", "-no-pie", "-O1", .. options, "-o", $"{Rootfs}/{name}", $"{Directory}/{name}.c"]));
    }

    public override string ToString() => $"{Id} ({_level})";

    static CommandResult Succeed(CommandResult result)
    {
        Assert.True(result.ExitCode == 0, $"exit code {result.ExitCode}: {result.Output}{result.Errors}");
        return result;
    }

    static string UnpackBusybox()
    {
        CommandResult image = Command.Run(SourceTree.PathOf("tests/environment/image-busybox"), []);
        string directory = $"{Path.GetTempPath()}/{Host.Mark}-rootfs";
        System.IO.Directory.CreateDirectory(directory);
        Succeed(Command.Run("tar", ["-C", directory, "-xf", Succeed(image).Output.Trim()]));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Command.Run("rm", ["-rf", directory]);
        return directory;
    }
}
