using Caisson.Kernel;

namespace Caisson.Containers;

/// <summary>One layer's sentence in front of the failure below it; the top prints the chain on one line.</summary>
public sealed class ContainerException(string what, Exception? inner = null) : Exception(what, inner)
{
    /// <summary>The whole chain: <c>mount "proc" on /proc: fsmount 'proc': Operation not permitted (EPERM)</c>.</summary>
    public static string Chain(Exception failure)
    {
        List<string> parts = [];
        for (Exception? at = failure; at is not null; at = at.InnerException)
        {
            parts.Add(at.Message);
        }

        return string.Join(": ", parts);
    }

    /// <summary>Runs a step; a kernel error in it gets the step's words in front.</summary>
    public static T During<T>(string what, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (KernelException failure)
        {
            throw new ContainerException(what, failure);
        }
    }

    /// <inheritdoc cref="During{T}"/>
    public static void During(string what, Action step)
    {
        try
        {
            step();
        }
        catch (KernelException failure)
        {
            throw new ContainerException(what, failure);
        }
    }
}
