using Caisson.Kernel;
using Caisson.Kernel.Namespaces;

namespace Caisson.Containers.Probes;

/// <summary>One thing that this host is tried for, here and now; nothing of the trial stays.</summary>
/// <param name="Name">By which it is asked for and explained; stable.</param>
/// <param name="Subject">What it is about, for the table.</param>
/// <param name="Look">Tries it. What the kernel refuses on the way is a finding, too.</param>
public sealed record Probe(string Name, string Subject, Func<Host, IEnumerable<Finding>> Look)
{
    /// <summary>What comes of it. To be called by a process of one thread: it may clone.</summary>
    public IReadOnlyList<Finding> Run(Host host)
    {
        try
        {
            return [.. Look(host)];
        }
        catch (UserError refused)
        {
            return [Finding.Missing(refused.Message, "system containers cannot be made", refused.Remedy)];
        }
        catch (Exception failure) when (failure is KernelException or ContainerException)
        {
            return [Finding.Missing(ContainerException.Chain(failure), "system containers cannot be made", Advice(failure))];
        }
    }

    static string Advice(Exception failure) => failure is KernelException { Errno: Errno.EPERM or Errno.EACCES }
        ? OwnUserNamespace.IsInitial ? "run as root" : "this is a container: run it on the machine itself, or in a container of Caisson's"
        : "use a kernel of Linux 5.19 or later with this feature";
}
