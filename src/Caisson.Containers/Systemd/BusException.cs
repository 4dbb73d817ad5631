namespace Caisson.Containers.Systemd;

/// <summary>The other side of a D-Bus connection answered with an error, or not at all.</summary>
/// <param name="name">Its name, such as org.freedesktop.systemd1.NoSuchUnit, or what is wrong with the connection.</param>
/// <param name="text">What was said with it.</param>
public sealed class BusException(string name, string text) : Exception(text.Length == 0 ? name : $"{text} ({name})")
{
    public string Name { get; } = name;
}
