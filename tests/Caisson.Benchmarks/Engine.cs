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

    public void Import(string image, string tar, params string[] options) => Docker(["import", .. options, tar, image]);

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
