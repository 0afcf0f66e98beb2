/// An HTTP request and the answer that it must get.
package struct HTTPCheck: Hashable, Codable, Sendable {
    package var url: String
    /// Expected status code.
    package var status: Int
    /// Text that the body must contain, or nil for any body.
    package var bodyContains: String?
    /// Additional request headers, in order.
    ///
    /// `User-Agent` is Fleet's own unless given here.
    package var headers: [Header]

    /// Stands in `bodyContains` for the version of the release that is checked.
    package static let version = "{version}"

    package init(url: String, status: Int = 200, bodyContains: String? = nil, headers: [Header] = []) {
        self.url = url
        self.status = status
        self.bodyContains = bodyContains
        self.headers = headers
    }

    package struct Header: Hashable, Codable, Sendable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }
}
