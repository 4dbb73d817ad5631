using Caisson.Containers;
using Caisson.Containers.Lifecycle;
using Caisson.Containers.Rootfs;
using Caisson.Containers.Rootless;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Cli;

/// <summary>Commands of an ordinary user: this process stays who it is, and waits for one that does the work as root of a user namespace.</summary>
static class Rootless
{
    /// <summary>The option by which that one knows where it is.</summary>
    public const string Inside = "in-user-namespace";

    /// <summary><c>create</c> and <c>run</c>; returns the exit code.</summary>
    public static int Create(Invocation invocation, Spec spec)
    {
        bool system = invocation.Isolation == Isolation.System;
        if (!system && RootlessCheck.Validate(spec) is { Count: > 0 } problems)
        {
            throw new SpecException(problems);
        }

        string? path = (spec.Linux?.Namespaces ?? []).FirstOrDefault(entry => entry.Type == "user")?.Path;
        if (path is not null)
        {
            using Fd user = OpenAt2.Open(path, OpenFlags.O_RDONLY);
            return Wait(() => UserNamespaceEntry.Into(user, Arguments(invocation)));
        }

        IdMaps ids = spec.Linux?.UidMappings is { Length: > 0 } uids ? new IdMaps(uids, spec.Linux.GidMappings ?? []) : RootlessIds.Read();
        return Wait(() => UserNamespaceEntry.IntoOwn(ids, Arguments(invocation)));
    }

    /// <summary>What enters a container that exists.</summary>
    public static int Enter(Invocation invocation, Container container)
    {
        using Fd user = container.OpenUserNamespace();
        return Wait(() => UserNamespaceEntry.Into(user, Arguments(invocation)));
    }

    static int Wait(Func<(int Pid, Fd Process)> start)
    {
        using Fd signals = AttachedProcess.Watch();
        (int pid, Fd process) = start();
        return AttachedProcess.Wait(new CreatedContainer(pid, process, null), signals);
    }

    static string[] Arguments(Invocation invocation)
    {
        string[] own = Environment.GetCommandLineArgs();
        return [own[0], $"--{Inside}", "--root", invocation.Store.Root, .. own.Skip(1)];
    }
}
