using System.ComponentModel;
using System.Diagnostics;
using Caisson.Kernel;
using Caisson.Kernel.Seccomp;

namespace Caisson.Containers.Tests.Seccomp;

/// <summary>Makes system calls under a filter, in a process of a C program that the system's compiler makes once.</summary>
static class FilterProbe
{
    static readonly Lazy<string?> Executable = new(Build);

    /// <summary>The answer to each call: an errno, <see cref="Errno.None"/> for success, null where the kernel has no such ABI.</summary>
    public static Errno?[] Run(SeccompFilter? filter, params string[] calls)
    {
        Assert.SkipWhen(Executable.Value is null, "no C compiler (gcc) on this machine");
        string file = "-";
        if (filter is not null)
        {
            file = Path.GetTempFileName();
            File.WriteAllBytes(file, filter.Instructions);
        }

        try
        {
            (int code, string output) = Start(Executable.Value!, [file, $"{(uint)(filter?.Flags ?? 0):x}", .. calls]);
            Assert.Equal(0, code);
            return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Answer)];
        }
        finally
        {
            if (filter is not null)
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>A call by name, with arguments as probe.c takes them.</summary>
    public static string Call(string name, params string[] arguments)
    {
        int number = Libseccomp.ResolveName(name);
        Assert.True(number >= 0, $"libseccomp does not know {name}");
        return string.Join(',', [number.ToString(), .. arguments]);
    }

    static Errno? Answer(string line) => line == "none" ? null : (Errno)int.Parse(line);

    static string? Build()
    {
        string program = Path.Combine(Path.GetTempPath(), $"caisson-probe-{Environment.ProcessId}");
        try
        {
            (int code, string output) = Start("gcc", ["-O1", "-Wall", "-o", program, Profiles.PathOf("probe.c")]);
            Assert.True(code == 0, output);
        }
        catch (Win32Exception)
        {
            return null;
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(program);
        return program;
    }

    static (int Code, string Output) Start(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
