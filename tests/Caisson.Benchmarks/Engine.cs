namespace Caisson.Benchmarks;

/// <summary>A private dockerd with the images and runtimes to measure; disposing stops it.</summary>
sealed class Engine : IDisposable
{
    public const string Busybox = "cbench-busybox:1";
    public const string DockerInside = "cbench-dind:1";
    public const string Plain = "caisson-plain";
    public const string System = "caisson";
    public const string Runc = "runc";

    readonly Workspace _workspace;
    readonly string _directory;
    readonly HashSet<string> _imported = [];

    public Engine(Options options, Workspace workspace)
    {
        _workspace = workspace;
        _directory = $"{workspace.Root}/engine";
        // The link beside the program is how people get the plain level from an engine.
        string programs = $"{workspace.Root}/bin";
        Directory.CreateDirectory(programs);
        File.Copy(options.Caisson, $"{programs}/{System}");
        File.CreateSymbolicLink($"{programs}/{Plain}", System);
        string[] arguments =
            [_directory, "--suite", options.Suite, "--runtime", $"{System}={programs}/{System}", "--runtime", $"{Plain}={programs}/{Plain}"];
        if (!Script.TryRun(Script.Environment("dockerd-start"), arguments, out string trouble))
        {
            Dispose();
            throw new InvalidOperationException(trouble);
        }

        Host = $"DOCKER_HOST=unix://{_directory}/docker.sock";
    }

    string Host { get; }

    /// <summary>Puts a program where containers' volumes can have it, whatever root the engine has.</summary>
    public string Offer(string program)
    {
        string copy = $"{_workspace.Root}/bin/{Path.GetFileName(program)}";
        File.Copy(program, copy, overwrite: true);
        return copy;
    }

    public void ImportBusybox() => Import(Busybox, Script.Run(Script.Environment("image-busybox")));

    /// <summary>The image whose entrypoint starts dockerd, awaits it and becomes the command.</summary>
    public void ImportDockerInside(string suite) => Import(
        DockerInside, Script.Run(Script.Environment("image-dind"), suite), "-c", "ENTRYPOINT [\"/usr/local/bin/start-docker\"]");

    void Import(string image, string tar, params string[] options)
    {
        if (_imported.Add(image))
        {
            Docker(["import", .. options, tar, image]);
        }
    }

    /// <summary>What a command prints; it must succeed.</summary>
    public string Output(params string[] arguments) => Script.Run("env", [Host, "/usr/bin/docker", .. arguments]);

    public Cost Docker(params string[] arguments) => MeasuredProcess.Run(_workspace.Errors, ["/usr/bin/docker", .. arguments], Host);

    public bool TryDocker(params string[] arguments)
    {
        try
        {
            Docker(arguments);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (!Script.TryRun(Script.Environment("dockerd-stop"), [_directory], out string trouble))
        {
            Console.Error.WriteLine(trouble);
        }
    }
}
