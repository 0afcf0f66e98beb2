internal import Glibc

/// C copies of Swift strings that live as long as this object.
final class CStrings {
    private var texts: [UnsafeMutablePointer<CChar>] = []
    private var lists: [UnsafeMutablePointer<UnsafePointer<CChar>?>] = []

    /// A NUL-terminated copy.
    func pointer(_ text: String) -> UnsafePointer<CChar>? {
        guard let copy = strdup(text) else { return nil }
        texts.append(copy)
        return UnsafePointer(copy)
    }

    /// A NULL-terminated list of copies.
    func list(_ items: [String]) -> UnsafePointer<UnsafePointer<CChar>?> {
        let list = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: items.count + 1)
        for (index, item) in items.enumerated() { list.advanced(by: index).initialize(to: pointer(item)) }
        list.advanced(by: items.count).initialize(to: nil)
        lists.append(list)
        return UnsafePointer(list)
    }

    deinit {
        for text in texts { free(text) }
        for list in lists { list.deallocate() }
    }
}
