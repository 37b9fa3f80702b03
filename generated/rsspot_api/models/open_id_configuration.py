from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset


T = TypeVar("T", bound="OpenIDConfiguration")


@_attrs_define
class OpenIDConfiguration:
    """The addresses of the login host, as OpenID Connect discovery defines them.

    Attributes:
        issuer (str | Unset): Who signs the tokens; the `iss` claim of a bearer is the same text.
        token_endpoint (str | Unset): Where `create_token` is.
        jwks_uri (str | Unset): Where `get_signing_keys` is.
        authorization_endpoint (str | Unset): Where a browser signs in. Of no use to a program.
    """

    issuer: str | Unset = UNSET
    token_endpoint: str | Unset = UNSET
    jwks_uri: str | Unset = UNSET
    authorization_endpoint: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        issuer = self.issuer

        token_endpoint = self.token_endpoint

        jwks_uri = self.jwks_uri

        authorization_endpoint = self.authorization_endpoint

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if issuer is not UNSET:
            field_dict["issuer"] = issuer
        if token_endpoint is not UNSET:
            field_dict["token_endpoint"] = token_endpoint
        if jwks_uri is not UNSET:
            field_dict["jwks_uri"] = jwks_uri
        if authorization_endpoint is not UNSET:
            field_dict["authorization_endpoint"] = authorization_endpoint

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        issuer = d.pop("issuer", UNSET)

        token_endpoint = d.pop("token_endpoint", UNSET)

        jwks_uri = d.pop("jwks_uri", UNSET)

        authorization_endpoint = d.pop("authorization_endpoint", UNSET)

        open_id_configuration = cls(
            issuer=issuer,
            token_endpoint=token_endpoint,
            jwks_uri=jwks_uri,
            authorization_endpoint=authorization_endpoint,
        )

        open_id_configuration.additional_properties = d
        return open_id_configuration

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
