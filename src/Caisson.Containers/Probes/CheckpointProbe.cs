using Caisson.Containers.Checkpoint;

namespace Caisson.Containers.Probes;

/// <summary>Is there a CRIU?</summary>
static class CheckpointProbe
{
    public static IEnumerable<Finding> Look(Host host)
    {
        yield return CriuProcess.Find() is { } criu
            ? Finding.Ok($"{criu}, for plain containers")
            : Finding.Note("there is no criu in PATH", "`checkpoint` and `restore` of plain containers do not work", "apt-get install criu");
    }
}
