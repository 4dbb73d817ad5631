using System.ComponentModel;
using System.Text;

namespace Caisson.ViewProbe;

/// <summary>
/// Does one thing to a file or a mount point again and again and prints what each time took, in nanoseconds, one line each. The
/// benchmark runs it in containers and outside: it is one static file and needs nothing of the root file system.
/// </summary>
static class Program
{
    const int ShortWarmUps = 20;
    const int MountWarmUps = 3;

    const string Usage = """
        usage: Caisson.ViewProbe read PATH N              open, read to the end, close
               Caisson.ViewProbe write PATH VALUE N       open, write, close
               Caisson.ViewProbe mount TYPE TARGET N      mount alone; then it is unmounted
               Caisson.ViewProbe spawn N PROGRAM ARG...   from the start to the successful end; PROGRAM is a path
               Caisson.ViewProbe on CPU ...               the same on one processor
        """;

    static int Main(string[] args)
    {
        try
        {
            if (args is ["on", string processor, .. string[] rest])
            {
                FileCalls.StayOn(int.Parse(processor));
                args = rest;
            }

            long[]? times = args switch
            {
                ["read", string path, string count] => Repeat(() => FileCalls.Read(path), count, ShortWarmUps),
                ["write", string path, string value, string count] => Repeat(() => FileCalls.Write(path, value), count, ShortWarmUps),
                ["mount", string type, string target, string count] => Repeat(() => FileCalls.Mount(type, target), count, MountWarmUps),
                // What is long warms up by whole runs, which the benchmark leaves out.
                ["spawn", string count, .. { Length: > 0 } command] => Repeat(() => Spawn(command), count, 0),
                _ => null,
            };
            if (times is null)
            {
                Console.Error.WriteLine(Usage);
                return 2;
            }

            Console.Out.Write(new StringBuilder().AppendJoin('\n', times).Append('\n'));
            return 0;
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException or FormatException)
        {
            Console.Error.WriteLine($"view probe: {string.Join(' ', args)}: {failure.Message}");
            return 1;
        }
    }

    static long[] Repeat(Func<long> once, string count, int warmUps)
    {
        long[] times = new long[int.Parse(count)];
        for (int i = -warmUps; i < times.Length; i++)
        {
            long time = once();
            if (i >= 0)
            {
                times[i] = time;
            }
        }

        return times;
    }

    static long Spawn(string[] command)
    {
        string errors = $"/tmp/view-probe{Environment.ProcessId}";
        try
        {
            return (long)MeasuredProcess.Run(errors, command).Wall.TotalNanoseconds;
        }
        finally
        {
            File.Delete(errors);
        }
    }
}
