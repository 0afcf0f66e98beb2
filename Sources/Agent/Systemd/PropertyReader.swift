internal import CSystemd
internal import Glibc

/// Reads the properties of one object of systemd over the bus.
struct PropertyReader {
    let connection: Connection
    /// The unit that the object stands for, for error messages; nil for the manager.
    let unit: String?
    /// The object's path.
    let path: String

    func string(_ name: String, _ interface: String) throws(SystemdError) -> String {
        var value: UnsafeMutablePointer<CChar>?
        defer { free(value) }
        try connection.call(name, unit: unit) {
            fleet_property_string(connection.bus, path, interface, name, $0, &value)
        }
        return value.map { String(cString: $0) } ?? ""
    }

    func strings(_ name: String, _ interface: String) throws(SystemdError) -> [String] {
        var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        try connection.call(name, unit: unit) {
            fleet_property_strings(connection.bus, path, interface, name, $0, &list)
        }
        guard let list else { return [] }
        defer { free(list) }
        var texts: [String] = []
        var next = list
        while let text = next.pointee {
            texts.append(String(cString: text))
            free(text)
            next += 1
        }
        return texts
    }

    func identifier(_ name: String, _ interface: String) throws(SystemdError) -> String {
        var text = [CChar](repeating: 0, count: 33)
        try connection.call(name, unit: unit) {
            fleet_property_id128(connection.bus, path, interface, name, $0, &text)
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func number32(_ name: String, _ interface: String) throws(SystemdError) -> Int {
        var value: UInt32 = 0
        try connection.call(name, unit: unit) {
            fleet_property_u32(connection.bus, path, interface, name, $0, &value)
        }
        return Int(value)
    }

    func flag(_ name: String, _ interface: String) throws(SystemdError) -> Bool {
        var value: Int32 = 0
        try connection.call(name, unit: unit) {
            fleet_property_bool(connection.bus, path, interface, name, $0, &value)
        }
        return value != 0
    }

    func signed32(_ name: String, _ interface: String) throws(SystemdError) -> Int {
        var value: Int32 = 0
        try connection.call(name, unit: unit) {
            fleet_property_i32(connection.bus, path, interface, name, $0, &value)
        }
        return Int(value)
    }

    func number64(_ name: String, _ interface: String) throws(SystemdError) -> UInt64 {
        var value: UInt64 = 0
        try connection.call(name, unit: unit) {
            fleet_property_u64(connection.bus, path, interface, name, $0, &value)
        }
        return value
    }
}
