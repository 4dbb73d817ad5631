using Caisson.Containers;
using Caisson.Containers.Configuration;
using Caisson.Containers.Lifecycle;
using Caisson.Containers.State;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Oci;

namespace Caisson.Cli;

/// <summary>What every command gets: its own options and the global ones.</summary>
sealed class Invocation(CommandLine global, CommandLine line, Log log, Isolation isolation)
{
    public CommandLine Line { get; } = line;

    public Log Log { get; } = log;

    public Isolation Isolation { get; } = isolation;

    public Places Places { get; } = Places.Default;

    /// <summary>The host's, for commands that make something: others must work whatever it says.</summary>
    public HostConfiguration Configuration => field ??= HostConfiguration.Load(ConfigurationFile);

    public string ConfigurationFile { get; } = Path.GetFullPath(global.Value("config") ?? ConfigurationTable.UsualPlace);

    /// <summary>As the host's configuration has them.</summary>
    public Places ConfiguredPlaces => Configuration.Over(Places);

    /// <summary>An ordinary user's command, which cannot do the work itself.</summary>
    public bool IsRootless { get; } = !Environment.IsPrivilegedProcess && !global.Has(Rootless.Inside);

    /// <summary>Started for such a one, as root of the container's user namespace.</summary>
    public bool IsInside { get; } = global.Has(Rootless.Inside) && !OwnUserNamespace.IsInitial;

    public bool SystemdCgroup { get; } = global.Has("systemd-cgroup");

    /// <summary>Whether --root says where states are kept.</summary>
    public bool HasOwnRoot { get; } = global.Value("root") is not null;

    public ContainerStore Store { get; } = new(Path.GetFullPath(global.Value("root") ?? Places.Default.Containers));

    /// <summary>The container id that most commands take as their only argument.</summary>
    public ContainerId Id => ParseId(Line.Only("a container id"));

    /// <summary>The id as the first of several arguments.</summary>
    public ContainerId FirstId => Line.Rest.Count > 0 ? ParseId(Line.Rest[0]) : throw new UsageException("a container id is missing");

    public Container OpenContainer() => Container.Open(Store, Id);

    /// <summary>An option's value as an absolute path: commands may stand elsewhere when they use it.</summary>
    public string? PathValue(string name) => Line.Value(name) is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    /// <summary>Reads and checks a bundle's config.json; all problems at once.</summary>
    public static Spec ReadSpec(string bundle, Log log, out byte[] bytes)
    {
        string path = Path.Combine(bundle, "config.json");
        Errno errno = OpenAt2.TryOpen(Fd.CurrentDirectory, path, OpenFlags.O_RDONLY, ResolveFlags.None, 0, out Fd? opened);
        using Fd file = errno == Errno.None ? opened! : throw new UserError(
            $"open '{path}': {errno.Describe()}", "name a bundle with --bundle; `caisson spec` writes a first config.json");
        bytes = FileText.ReadBytes(file, path);
        Spec spec = OciJson.ParseSpec(bytes);
        Check(SpecValidator.Validate(spec), log);
        return spec;
    }

    /// <summary>Ends a command that is in the wrong place before it makes anything.</summary>
    public void RequireRoot()
    {
        if (IsRootless && !HasOwnRoot && Places.Run == "/run/caisson")
        {
            throw new UserError("XDG_RUNTIME_DIR is not set, and /run/caisson is for root", "set XDG_RUNTIME_DIR to a directory of yours, give --root DIR, or run as root");
        }
    }

    public static void Check(IReadOnlyList<Problem> problems, Log log)
    {
        foreach (Problem warning in problems.Where(problem => problem.Severity != Severity.Error))
        {
            log.Warn($"{warning.Pointer}: {warning.Message}, ignoring");
        }

        Problem[] errors = [.. problems.Where(problem => problem.Severity == Severity.Error)];
        if (errors.Length > 0)
        {
            throw new SpecException(errors);
        }
    }

    static ContainerId ParseId(string text) =>
        ContainerId.TryParse(text, out ContainerId id, out Problem? problem) ? id : throw new UserError(problem.Message, problem.Remedy);
}
