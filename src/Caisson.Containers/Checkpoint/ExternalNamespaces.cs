using Caisson.Kernel.Namespaces;

namespace Caisson.Containers.Checkpoint;

/// <summary>
/// Namespaces that a spec gives by path and that an image does not have: their names in it, which are runc's. CRIU joins the others
/// by their paths.
/// </summary>
static class ExternalNamespaces
{
    /// <summary>Null for a kind that CRIU knows no such way for.</summary>
    public static string? NameOf(NamespaceKind kind) => kind switch
    {
        NamespaceKind.CLONE_NEWNET => "extRootNetNS",
        NamespaceKind.CLONE_NEWPID => "extRootPidNS",
        _ => null,
    };
}
