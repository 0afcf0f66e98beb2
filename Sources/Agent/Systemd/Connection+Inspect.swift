internal import CSystemd
internal import Glibc
internal import Model

extension Connection {
    static let unitInterface = "org.freedesktop.systemd1.Unit"
    static let serviceInterface = "org.freedesktop.systemd1.Service"

    /// Loads a unit and reads what an activation needs to know of it.
    func inspect(_ unit: UnitName) throws(SystemdError) -> UnitInspection {
        let reader = try properties(of: unit)
        let isService = unit.text.hasSuffix(".service")
        let typed = Self.interface(of: unit)
        let changed = try reader.number64("StateChangeTimestamp", Self.unitInterface)
        let state = UnitState(
            unit: unit,
            active: try reader.string("ActiveState", Self.unitInterface),
            sub: try reader.string("SubState", Self.unitInterface),
            result: try typed.map { interface throws(SystemdError) in try reader.string("Result", interface) } ?? "",
            restarts: isService ? try reader.number32("NRestarts", Self.serviceInterface) : 0,
            mainPID: isService ? try reader.number32("MainPID", Self.serviceInterface) : 0,
            invocation: try reader.identifier("InvocationID", Self.unitInterface),
            since: changed == 0 ? nil : WallTime(milliseconds: Int64(changed / 1000))
        )
        return UnitInspection(
            state: state,
            loadState: try reader.string("LoadState", Self.unitInterface),
            fragmentPath: try reader.string("FragmentPath", Self.unitInterface),
            dropInPaths: try reader.strings("DropInPaths", Self.unitInterface),
            needsReload: try reader.flag("NeedDaemonReload", Self.unitInterface),
            user: isService ? try reader.string("User", Self.serviceInterface) : "",
            group: isService ? try reader.string("Group", Self.serviceInterface) : "",
            exitStatus: isService ? try reader.signed32("ExecMainStatus", Self.serviceInterface) : 0
        )
    }

    /// Loads a unit, whose properties can then be read.
    func properties(of unit: UnitName) throws(SystemdError) -> PropertyReader {
        var found: UnsafeMutablePointer<CChar>?
        defer { free(found) }
        try call("LoadUnit", unit: unit.text) { fleet_load_unit(bus, unit.text, $0, &found) }
        return PropertyReader(connection: self, unit: unit.text, path: found.map { String(cString: $0) } ?? "")
    }

    /// The interface with a unit type's own properties, `Result` among them; targets have none.
    private static func interface(of unit: UnitName) -> String? {
        let types = [".service": "Service", ".socket": "Socket", ".timer": "Timer", ".path": "Path"]
        let match = types.first { unit.text.hasSuffix($0.key) }
        return match.map { "org.freedesktop.systemd1.\($0.value)" }
    }
}
