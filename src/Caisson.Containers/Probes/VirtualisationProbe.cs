using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Probes;

/// <summary>What a container that is given /dev/kvm could do with it.</summary>
static class VirtualisationProbe
{
    public static IEnumerable<Finding> Look(Host host)
    {
        Errno errno = OpenAt2.TryOpen(Fd.CurrentDirectory, "/dev/kvm", OpenFlags.O_RDWR, ResolveFlags.None, 0, out Fd? kvm);
        kvm?.Dispose();
        string nested = (FileText.TryRead("/sys/module/kvm_intel/parameters/nested") ?? FileText.TryRead("/sys/module/kvm_amd/parameters/nested"))?.Trim() switch
        {
            "Y" or "1" => "; its guests may have guests",
            _ => "",
        };
        yield return errno == Errno.None
            ? Finding.Note($"/dev/kvm can be opened{nested}; docker run --device /dev/kvm hands it to a container")
            : Finding.Note($"/dev/kvm: {errno.Describe()}", "virtual machines in containers are emulated, which is slow");
    }
}
