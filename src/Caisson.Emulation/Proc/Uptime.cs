using Caisson.Emulation.Sources;
using Caisson.Fuse.Nodes;

namespace Caisson.Emulation.Proc;

/// <summary>/proc/uptime: since the container was created, and how long its CPUs had nothing of it to do.</summary>
static class Uptime
{
    const long Nanoseconds = 1_000_000_000;

    public static void Read(Viewpoint from, ContentBuffer content)
    {
        // Not the reader's CPUs: the time is the whole container's.
        from.MoveTo(0);
        long age = from.Age;
        Render(age, (age * CpuReading.Read(from).Count) - CpuReading.TotalOf(from), content);
    }

    /// <param name="age">Nanoseconds.</param>
    /// <param name="idle">Nanoseconds, of all CPUs together.</param>
    public static void Render(long age, long idle, ContentBuffer content)
    {
        Append(content, age);
        content.Append((byte)' ');
        Append(content, Math.Max(0, idle));
        content.Append((byte)'\n');
    }

    static void Append(ContentBuffer content, long time)
    {
        long hundredths = time % Nanoseconds / (Nanoseconds / 100);
        content.Append(time / Nanoseconds).Append((byte)'.')
            .Append((byte)('0' + (hundredths / 10))).Append((byte)('0' + (hundredths % 10)));
    }
}
