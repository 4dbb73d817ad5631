namespace Caisson.Benchmarks;

/// <summary>The command line.</summary>
sealed record Options
{
    public const string Usage = """
        usage: make bench [BENCH="OPTION..."]
          --only PART[,PART...]  run, memory, exec, steps, size, view, idle, docker, nested, inner (default: all)
          --no-docker            the same without docker, nested and inner
          --rounds N             of run, exec and steps, and of view up to 10 (default: 50)
          --idle N               containers of idle (default: 200)
          --docker-rounds N      of docker run, outer and inner (default: 10)
          --nested-rounds N      of docker run to the inner docker ps (default: 5)
          --suite SUITE          whose Docker: bookworm (the default), trixie, sid
          --caisson PATH         the program to measure (default: out/caisson)
          --runc PATH, --crun PATH
          --json FILE            write all single values, too
          --check                status 1 when a budget is exceeded or a part could not be measured
        """;

    static readonly string[] DockerParts = ["docker", "nested", "inner"];

    static readonly string[] Parts = ["run", "memory", "exec", "steps", "size", "view", "idle", .. DockerParts];

    /// <summary>Whether a part needs an engine.</summary>
    public bool WantsDocker => Selected.Intersect(DockerParts).Any();

    public IReadOnlyList<string> Selected { get; private set; } = Parts;

    public int Rounds { get; private set; } = 50;

    public int Idle { get; private set; } = 200;

    public int DockerRounds { get; private set; } = 10;

    public int NestedRounds { get; private set; } = 5;

    public string Suite { get; private set; } = "bookworm";

    public string Caisson { get; private set; } = SourceTree.PathOf("out/caisson");

    public string Runc { get; private set; } = "/usr/bin/runc";

    public string? Crun { get; private set; }

    public string? Json { get; private set; }

    public bool Check { get; private set; }

    /// <exception cref="FormatException">What is wrong with the command line.</exception>
    public static Options Parse(string[] args)
    {
        Options options = new();
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            string value() => ++i < args.Length ? args[i] : throw new FormatException($"{name} wants a value");
            int number() => int.TryParse(value(), out int n) && n > 0 ? n : throw new FormatException($"{name} wants a number from 1");
            switch (name)
            {
                case "--only": options.Selected = ParseParts(value()); break;
                case "--no-docker": options.Selected = [.. options.Selected.Except(DockerParts)]; break;
                // Said for clarity: they are measured anyway.
                case "--docker": break;
                case "--rounds": options.Rounds = number(); break;
                case "--idle": options.Idle = number(); break;
                case "--docker-rounds": options.DockerRounds = number(); break;
                case "--nested-rounds": options.NestedRounds = number(); break;
                case "--suite": options.Suite = value(); break;
                case "--caisson": options.Caisson = Path.GetFullPath(value()); break;
                case "--runc": options.Runc = Path.GetFullPath(value()); break;
                case "--crun": options.Crun = Path.GetFullPath(value()); break;
                case "--json": options.Json = Path.GetFullPath(value()); break;
                case "--check": options.Check = true; break;
                default: throw new FormatException($"unknown option {name}");
            }
        }

        foreach (string program in (string[])[options.Caisson, options.Runc])
        {
            _ = File.Exists(program) ? program : throw new FormatException($"{program} is not there");
        }

        return options;
    }

    static string[] ParseParts(string text)
    {
        string[] parts = text.Split(',');
        return parts.Except(Parts).FirstOrDefault() is { } unknown
            ? throw new FormatException($"--only {unknown}: want some of {string.Join(',', Parts)}") : parts;
    }
}
