using System.Text;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Lifecycle;

/// <summary>The file that tells an engine the pid: renamed into place, so that it is never seen empty.</summary>
static class PidFile
{
    public static void Write(string? path, int pid)
    {
        if (path is not null)
        {
            using Fd directory = OpenAt2.Open(Path.GetDirectoryName(path)!, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
            FileText.Replace(directory, Path.GetFileName(path), Encoding.UTF8.GetBytes(pid.ToString()), 0x1A4 /* 0644 */);
        }
    }
}
