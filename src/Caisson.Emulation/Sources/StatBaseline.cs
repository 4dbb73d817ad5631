using System.Globalization;
using System.Text;
using Caisson.Emulation.Proc;
using Caisson.Emulation.Text;

namespace Caisson.Emulation.Sources;

/// <summary>
/// What the machine had counted when the first worker began to serve the container. No cgroup counts interrupts, switches and
/// forks; the machine's since then at least fit the container's age, of which programs make rates.
/// </summary>
readonly record struct StatBaseline(long Interrupts, long Switches, long Forks)
{
    // No sysctl has this name.
    const string Name = "(stat)";

    /// <summary>As the first worker of the container found it, or finds it now.</summary>
    public static StatBaseline Take(ValueStore values, HostFiles host)
    {
        if (values.TryRead(Name, out ReadOnlySpan<byte> kept))
        {
            Words words = new(kept);
            return new StatBaseline(words.NextNumber(), words.NextNumber(), words.NextNumber());
        }

        TextBuffer text = new(1024 * 1024, 4096);
        StatBaseline now = host.TryRead(HostFile.Stat, text) ? Parse(text.Bytes) : default;
        string line = string.Create(CultureInfo.InvariantCulture, $"{now.Interrupts} {now.Switches} {now.Forks}");
        values.TryWrite(Name, Encoding.ASCII.GetBytes(line));
        return now;
    }

    /// <summary>Of /proc/stat.</summary>
    public static StatBaseline Parse(ReadOnlySpan<byte> text)
    {
        StatBaseline found = default;
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            Words words = new(line);
            ReadOnlySpan<byte> name = words.Next();
            if (name.SequenceEqual("intr"u8))
            {
                found = found with { Interrupts = words.NextNumber() };
            }
            else if (name.SequenceEqual("ctxt"u8))
            {
                found = found with { Switches = words.NextNumber() };
            }
            else if (name.SequenceEqual("processes"u8))
            {
                found = found with { Forks = words.NextNumber() };
            }
        }

        return found;
    }
}
