using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Systemd;

/// <summary>
/// systemd's service manager, by its own socket (org.freedesktop.systemd1(5)): it says there what happens to jobs without being
/// asked to, and neither a message bus nor a name on it is needed.
/// </summary>
public sealed class SystemdManager : IDisposable
{
    const string Socket = "/run/systemd/private";
    const string Service = "org.freedesktop.systemd1";
    const string ManagerPath = "/org/freedesktop/systemd1";
    const string ManagerInterface = $"{Service}.Manager";
    const string NoSuchUnit = $"{Service}.NoSuchUnit";
    const string UnitExists = $"{Service}.UnitExists";

    readonly BusConnection _connection;

    /// <summary>Does systemd run here, so that it can be asked?</summary>
    public static bool IsThere => Stat.TryOf(Fd.CurrentDirectory, Socket, out _) == Errno.None;

    SystemdManager(BusConnection connection) => _connection = connection;

    public static SystemdManager Connect()
    {
        Errno errno = BusConnection.TryConnect(Socket, out BusConnection? connection);
        return errno == Errno.None
            ? new SystemdManager(connection!)
            : throw new UserError(
                $"systemd cannot be asked for a cgroup: connect to {Socket}: {errno.Describe()}",
                "run without --systemd-cgroup where systemd is not the first process (Docker: \"exec-opts\": [\"native.cgroupdriver=cgroupfs\"])");
    }

    /// <summary>Starts a unit that goes when it is empty, and waits until systemd has made its cgroup.</summary>
    public void Start(string unit, IReadOnlyList<UnitProperty> properties)
    {
        try
        {
            TryStart(unit, properties);
        }
        catch (BusException left) when (left.Name == UnitExists)
        {
            // What a container of that name left when it failed; or one that runs.
            Ask(unit, "ResetFailedUnit", "s", new BusWriter().Text(unit));
            try
            {
                TryStart(unit, properties);
            }
            catch (BusException again) when (again.Name == UnitExists)
            {
                throw new UserError(
                    $"systemd has a unit {unit} already, whose cgroup is not to be shared",
                    $"systemctl status {unit} shows whose it is; give the container another name (linux.cgroupsPath)");
            }
        }
        catch (BusException failure)
        {
            throw Failed(unit, "start", failure);
        }
    }

    /// <summary>Changes properties of a unit that runs, until it ends.</summary>
    public void SetProperties(string unit, IReadOnlyList<UnitProperty> properties)
    {
        if (properties.Count > 0)
        {
            BusWriter body = new BusWriter().Text(unit).Number(1);
            Write(body, properties);
            Ask(unit, "SetUnitProperties", "sba(sv)", body);
        }
    }

    /// <summary>Ends a unit with all processes in it, and waits until its cgroup is gone. One that is not there is fine.</summary>
    public void Stop(string unit)
    {
        try
        {
            Await(_connection.Call(Service, ManagerPath, ManagerInterface, "StopUnit", "ss", new BusWriter().Text(unit).Text("replace")));
            _connection.Call(Service, ManagerPath, ManagerInterface, "ResetFailedUnit", "s", new BusWriter().Text(unit));
        }
        catch (BusException gone) when (gone.Name == NoSuchUnit)
        {
        }
        catch (BusException failure)
        {
            throw Failed(unit, "stop", failure);
        }
    }

    public void Dispose() => _connection.Dispose();

    void TryStart(string unit, IReadOnlyList<UnitProperty> properties)
    {
        BusWriter body = new BusWriter().Text(unit).Text("replace");
        Write(body, properties);
        // No units beside it.
        body.Array<int>(8, [], static (_, _) => { });
        string result = Await(_connection.Call(Service, ManagerPath, ManagerInterface, "StartTransientUnit", "ssa(sv)a(sa(sv))", body));
        if (result != "done")
        {
            throw new BusException($"job {result}", $"journalctl -u {unit} tells more");
        }
    }

    // How the job ended that a call began.
    string Await(BusMessage answer)
    {
        string job = new BusReader(answer.Body).Text();
        while (true)
        {
            BusReader removed = new(_connection.WaitForSignal("JobRemoved").Body);
            removed.Number();
            if (removed.Text() == job)
            {
                removed.Text();
                return removed.Text();
            }
        }
    }

    void Ask(string unit, string method, string signature, BusWriter body) =>
        Ask(unit, method, () => _connection.Call(Service, ManagerPath, ManagerInterface, method, signature, body));

    static void Ask(string unit, string what, Action call)
    {
        try
        {
            call();
        }
        catch (BusException failure)
        {
            throw Failed(unit, what, failure);
        }
    }

    static ContainerException Failed(string unit, string what, BusException failure) => new($"systemd: {what} {unit}", failure);

    static void Write(BusWriter body, IReadOnlyList<UnitProperty> properties) => body.Array(8, properties, static (to, property) =>
    {
        to.Text(property.Name).Signature(property.Signature);
        property.Write(to);
    });
}
