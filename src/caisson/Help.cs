using Caisson.Oci;

namespace Caisson.Cli;

/// <summary>Help and version, on standard output.</summary>
static class Help
{
    public static string Version => typeof(Help).Assembly.GetName().Version?.ToString(3) ?? "0";

    public static int PrintVersion()
    {
        Console.Out.WriteLine($"caisson version {Version}");
        Console.Out.WriteLine($"spec: {DefaultSpec.Create().OciVersion}");
        return 0;
    }

    public static int Print(IReadOnlyList<Command> commands, IReadOnlyList<Option> options)
    {
        Console.Out.WriteLine("caisson: an OCI container runtime for whole systems in containers");
        Console.Out.WriteLine("\nUsage: caisson [OPTIONS] COMMAND [OPTIONS] [ARGUMENTS]\n\nCommands:");
        foreach (Command command in commands.Where(command => !command.IsHidden))
        {
            Console.Out.WriteLine($"  {command.Name,-10} {command.Summary}");
        }

        PrintOptions(options);
        return 0;
    }

    public static int Print(Command command, IReadOnlyList<Option> options)
    {
        Console.Out.WriteLine($"caisson {command.Name}: {command.Summary}");
        Console.Out.WriteLine($"\nUsage: caisson {command.Name} [OPTIONS] {command.Arguments}");
        PrintOptions(options);
        return 0;
    }

    static void PrintOptions(IReadOnlyList<Option> options)
    {
        Console.Out.WriteLine("\nOptions:");
        // What Caisson gives to itself has no help.
        foreach (Option option in options.Where(option => option.Help.Length > 0))
        {
            string letter = option.Short == '\0' ? "   " : $"-{option.Short},";
            string value = option.Value is null ? "" : $" {option.Value}";
            Console.Out.WriteLine($"  {letter} --{option.Name + value,-28} {option.Help}");
        }
    }
}
