namespace Caisson.Cli;

/// <summary>Colours of terminals (ECMA-48, select graphic rendition).</summary>
enum Colour
{
    Red = 31,
    Green = 32,
    Yellow = 33,
    Blue = 34,
}

/// <summary>Colours on a terminal, and none elsewhere nor where the person wants none (no-color.org).</summary>
readonly record struct Palette(bool HasColours)
{
    public static Palette ForOutput() => new(
        Output.IsTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb");

    public string Paint(string text, Colour colour) => HasColours ? $"\e[{(int)colour}m{text}\e[0m" : text;
}
